"""What is impossible about claimed radii: one fault per claim, under the code of its cause."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification, Evaluation
from repaudit.contract.matching import Matched
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._explain_radius import (
    Explanation,
    Row,
    ceiling_chance,
    explain_rows,
)
from repaudit.rules._pointers import is_at_or_below
from repaudit.rules._quantity import Interval
from repaudit.rules._radius import Radius, radii_of
from repaudit.rules._reading import severity_unless
from repaudit.rules._rule import Case
from repaudit.rules._weaken import inferred_pointers

Kind = Literal["above", "below", "zero", "off", "signature"]
CODE_OF_KIND: dict[Kind, str] = {
    "above": "RA101",
    "below": "RA105",
    "zero": "RA111",
    "off": "RA103",
}
CODE_OF_CAUSE = {"side": "RA110", "pooled": "RA904", "arithmetic": "RA114"}
"""By what an explanation changes; RA104 for all else."""
WEAK = 0.05
"""Chance from which an explanation is not worth naming."""
FACTOR = 1e-3
"""Chance below which another sigma is named as the cause."""
UNLIKELY, PROOF = 1e-5, 1e-9
"""Chances of a signature among possible numbers: a warning below the first, an error below the
second when three sigmas share it."""


@dataclass(frozen=True)
class Fault:
    """One claim that the declared sampling cannot give, or hardly."""

    code: str
    kind: Kind
    radius: Radius
    severity: Severity
    certainty: Certainty
    explanation: Explanation | None
    chance: float | None
    """of the explanation"""


@lru_cache(maxsize=4)
def faults_of(case: Case) -> tuple[Fault, ...]:
    """Return the faults of a file's radii, in its order."""
    groups: defaultdict[str, list[Radius]] = defaultdict(list)
    for radius in radii_of(case.results):
        groups[radius.evaluation.sampling].append(radius)
    found = [fault for group in groups.values() for fault in _faults(case, group)]
    return tuple(found)


def _faults(case: Case, group: list[Radius]) -> Iterator[Fault]:
    broken = [(r, *found) for r in group if (found := _broken(r)) is not None]
    rows = _rows(group)
    if not broken:
        yield from _signatures(case, group)
        return
    known = known_of(case.results, group[0].evaluation)
    explained = explain_rows(group[0].settings[0], rows, **known)
    others = [e for e in explained if e.changed != "nothing"]
    for radius, kind, severity in broken:
        cause = _cause(radius, kind, others)
        code = CODE_OF_KIND[kind] if cause is None else code_of(cause)
        told = cause or next((e for e in others if e.chance < WEAK), None)
        level, certainty = weaker(case, radius.placed, severity)
        yield Fault(code, kind, radius, level, certainty, told, told.chance if told else None)


def _cause(radius: Radius, kind: Kind, others: list[Explanation]) -> Explanation | None:
    """Return the setting of which a radius is the ceiling.

    A common factor makes the largest radius a ceiling by itself, so it takes more evidence.
    """
    if radius.form is None or kind not in ("above", "off"):
        return None
    row = radius.row(radius.interval)
    named = (e for e in others if e.changed != "sigma" or e.chance < FACTOR)
    return next((e for e in named if e.is_ceiling(row)), None)


def code_of(cause: Explanation) -> str:
    """Return the rule that speaks of a cause."""
    return CODE_OF_CAUSE.get(cause.changed, "RA104")


def _broken(radius: Radius) -> tuple[Kind, Severity] | None:
    """Return what is wrong with a radius under its declared sampling; None when nothing is."""
    claim = radius.placed.claim
    above = severity_unless(lambda i: radius.over_sigma(i)[0] <= radius.ceiling, claim)
    if above is not None:
        return "above", above
    if _is_never_between(radius):
        below = severity_unless(lambda i: _reaches_a_radius(radius, i), claim)
        if below is not None:
            return ("below" if radius.over_sigma(radius.interval)[0] > 0.0 else "zero"), below
    if radius.form is None:
        return None
    off = severity_unless(radius.fits, claim)
    return None if off is None else ("off", off)


def _reaches_a_radius(radius: Radius, interval: Interval) -> bool:
    """Whether an interval holds the smallest radius or more, or 0 where that counts."""
    low, high = radius.over_sigma(interval)
    return high >= radius.lowest or (low <= 0.0 and not radius.is_of_certified)


def _is_never_between(radius: Radius) -> bool:
    """Whether a number between 0 and the smallest radius cannot be an average with zeros."""
    is_number = radius.placed.claim.statistic in ("mean", "median", "quantile", "min", "max")
    is_member = radius.form is not None and radius.form.share is None
    return is_number and (radius.is_of_certified or is_member)


def _rows(group: list[Radius]) -> list[Row]:
    return [radius.row(radius.interval) for radius in group if radius.form is not None]


def known_of(results: Results, evaluation: Certification) -> dict[str, int | None]:
    """Return what widens the search for an explanation, None where it is not stated."""
    n0 = results.sampling[evaluation.sampling].n0
    examples = results.data[evaluation.data].examples
    return {
        "n0": n0 if isinstance(n0, int) else None,
        "examples": examples if isinstance(examples, int) else None,
    }


def _signatures(case: Case, group: list[Radius]) -> Iterator[Fault]:
    """Yield possible radii that are all the ceiling of one other setting."""
    chosen = [r for r in group if r.form is not None and r.over_sigma(r.interval)[0] > 0.0]
    rows = _rows(chosen)
    if not rows or any(r.over_sigma(r.interval)[1] >= r.ceiling for r in chosen):
        return
    chance = ceiling_chance(rows)
    if chance >= UNLIKELY:
        return
    known = known_of(case.results, chosen[0].evaluation)
    found = explain_rows(chosen[0].settings[0], rows, **known)
    other = (e for e in found if e.changed != "nothing" and all(map(e.is_ceiling, rows)))
    cause = next(other, None)
    if cause is None:
        return
    proved = len({r.evaluation.sigma for r in chosen}) >= 3 and chance < PROOF
    for radius in chosen:
        severity = Severity.ERROR if proved else Severity.WARNING
        level, _ = weaker(case, radius.placed, severity)
        likely = Certainty.LIKELY
        yield Fault(code_of(cause), "signature", radius, level, likely, cause, chance)


def weaker(case: Case, placed: Matched, severity: Severity) -> tuple[Severity, Certainty]:
    """Return severity and certainty, at most a likely warning where something was inferred."""
    return weaker_at(case, placed.pointer, placed.evaluation_id, placed.evaluation, severity)


def weaker_at(
    case: Case, pointer: str, name: str, evaluation: Evaluation, severity: Severity
) -> tuple[Severity, Certainty]:
    """Return the same for any place of an evaluation."""
    rests = [
        pointer,
        pointer_of(["evaluations", name, "sigma"]),
        pointer_of(["data", evaluation.data, "examples"]),
    ]
    if isinstance(evaluation, Certification):
        rests.append(pointer_of(["sampling", evaluation.sampling]))
    inferred = inferred_pointers(case)
    if any(is_at_or_below(p, r) or is_at_or_below(r, p) for p in inferred for r in rests):
        lower = Severity.WARNING if severity is Severity.ERROR else severity
        return lower, Certainty.LIKELY
    return severity, Certainty.PROVED
