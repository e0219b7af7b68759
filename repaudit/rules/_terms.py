"""The numbers that a sentence speaks of: claims, or their differences and ratios, as intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.printed import Printed
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.statement import Assert
from repaudit.rules._counts import Read
from repaudit.rules._quantity import Interval

OF_EVALUATION = ("data", "model", "contract", "sampling", "sigma", "attacks", "defence")


@dataclass(frozen=True)
class Term:
    """One number."""

    placed: Matched
    """the claim it is of, or is the difference or ratio of"""
    interval: Interval
    shown: str


def terms_of(results: Results, claimed: Assert, read: Read) -> list[Term]:
    """Return the numbers an assertion is about; what prints no value is left out.

    Of ``minus`` and ``over`` each claim meets those that share most of its settings: the other
    contract at the same sigma on the same data. A divisor that may be 0 gives no number.
    """
    terms = selected(results, claimed.of, read)
    if claimed.minus is not None:
        others = selected(results, claimed.minus, read)
        return [_minus(one, other) for one in terms for other in _most_alike(one, others)]
    if claimed.over is not None:
        others = selected(results, claimed.over, read)
        pairs = ((one, other) for one in terms for other in _most_alike(one, others))
        return [_over(one, other) for one, other in pairs if _is_nonzero(other)]
    return terms


def selected(results: Results, select: Select, read: Read) -> list[Term]:
    """Return the claims that a selector means, with their values."""
    found = ((placed, read(placed.claim)) for placed in matching_claims(results, select))
    return [
        Term(placed, interval, str(placed.claim.value))
        for placed, interval in found
        if interval is not None
    ]


def quoted(printed: Printed, claimed: Assert, read: Read) -> Interval:
    """Return what a number of the sentence may mean; it is read as a claim's is."""
    interval = read(Claim(metric="x-quoted", value=printed, unit=claimed.unit))
    assert interval is not None  # it has a value
    return interval


def _most_alike(one: Term, others: Sequence[Term]) -> Iterator[Term]:
    agreements = [_agreement(one.placed, other.placed) for other in others]
    best = max(agreements, default=0)
    return (t for t, count in zip(others, agreements, strict=True) if count == best)


def _agreement(one: Matched, other: Matched) -> int:
    """Return in how many settings and parts of their definition two claims agree."""
    ran = [
        getattr(one.evaluation, name, None) == getattr(other.evaluation, name, None)
        for name in OF_EVALUATION
    ]
    said = [a == b for a, b in zip(one.claim.identity, other.claim.identity, strict=True)]
    return ran.count(True) + said.count(True)


def _minus(one: Term, other: Term) -> Term:
    low, high = one.interval[0] - other.interval[1], one.interval[1] - other.interval[0]
    return Term(one.placed, (low, high), f"{one.shown} - {other.shown}")


def _is_nonzero(term: Term) -> bool:
    return term.interval[0] > 0 or term.interval[1] < 0


def _over(one: Term, other: Term) -> Term:
    ends = [a / b for a in one.interval for b in other.interval]
    return Term(one.placed, (min(ends), max(ends)), f"{one.shown} / {other.shown}")
