"""The assertions of the text that its own tables contradict.

A relation fails only when no reading of the digits satisfies it, and what rests on quantities
that nothing prints is left to a re-run. A number that only fits when it was truncated without
saying so is a warning; what is only said to be about so is noted at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from repaudit.audit.finding import Severity
from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.results import Results
from repaudit.contract.statement import Assert
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._relations import Break, first_break
from repaudit.rules._rule import Hit
from repaudit.rules._selects import asserts_of
from repaudit.rules._terms import quoted
from repaudit.rules._walk import every_claim

MOST_NAMED = 3
"""A quoted number that more settings print by chance names none of them."""


@dataclass(frozen=True)
class Failure:
    """An assertion and the number that contradicts it."""

    pointer: str
    claimed: Assert
    broken: Break
    severity: Severity

    @property
    def is_quote(self) -> bool:
        """Whether the sentence quotes a number as the table's."""
        return self.claimed.relation == "equal" and self.claimed.value is not None

    def hit(self, why: str = "") -> Hit:
        """Return the finding, at the number that the sentence quotes if it quotes one."""
        term, other = self.broken.term, self.broken.other
        evidence = {"claim": term.placed.pointer, "found": term.shown}
        if other is not None:
            evidence["other"] = other.placed.pointer
        where = f"{self.pointer}/value" if self.claimed.value is not None else self.pointer
        message = f"expected {self.broken.expected} as the text says, found {term.shown}{why}"
        return Hit(where, message, {**evidence}, self.severity)


def failures(results: Results) -> Iterator[Failure]:
    """Yield every assertion that the printed numbers contradict."""
    for pointer, _, claimed in asserts_of(results):
        broken = first_break(results, claimed, interval_of)
        if broken is None:
            continue
        worst = Severity.NOTE if claimed.relation == "about" else Severity.ERROR
        severity = severity_of(partial(_holds, results, claimed), worst)
        if severity is not None:
            yield Failure(pointer, claimed, broken, severity)


def _holds(results: Results, claimed: Assert, read: Read) -> bool:
    return first_break(results, claimed, read) is None


def printed_elsewhere(results: Results, failure: Failure) -> list[Matched]:
    """Return the claims of another setting that print a quoted number; none where many do."""
    claimed, quote = failure.claimed, failure.claimed.value
    if not failure.is_quote or quote is None or claimed.minus or claimed.over:
        return []
    low, high = quoted(quote, claimed, interval_of)
    meant = [placed.pointer for placed in matching_claims(results, claimed.of)]
    found = []
    for placed in every_claim(results):
        interval = interval_of(placed.claim)
        is_other = placed.pointer not in meant and _is_same_quantity(failure, placed)
        if is_other and interval is not None and interval[0] <= high and low <= interval[1]:
            found.append(placed)
    return found if len(found) <= MOST_NAMED else []


def _is_same_quantity(failure: Failure, placed: Matched) -> bool:
    """Whether a claim is of what the sentence speaks of, at whatever setting or threshold."""
    said, claim = failure.broken.term.placed.claim, placed.claim
    keys = ("metric", "statistic", "level", "population", "classifier", "layer")
    return all(getattr(said, key) == getattr(claim, key) for key in keys)
