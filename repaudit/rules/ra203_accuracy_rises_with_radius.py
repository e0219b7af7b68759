"""Certified accuracy rises with the radius.

Why
---
Every example that is certified at a radius is certified at each smaller one, so the curve falls.
Against a threshold in decibels it rises, because a larger SNR asks for a smaller ball, up to the
accuracy at radius 0. A curve that goes the other way joins two runs, or has a misplaced row.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": 0.004, "value": "92.50", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": 0.004, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 4.
"""

from collections.abc import Iterator
from fractions import Fraction

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.rules._counts import loosely
from repaudit.rules._quantity import Interval, interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import exact_share
from repaudit.rules._views import View, views

Curve = list[tuple[Matched, Interval]]
"""Claims with the shares that they may be, from the weakest certificate to the strongest."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each certified accuracy that exceeds the one of a weaker certificate."""
    for view in views(case.results):
        for claims in _curves(view):
            read = ((placed, exact_share(case.results, placed, interval_of)) for placed in claims)
            curve = [(placed, shares) for placed, shares in read if shares is not None]
            for weaker, stronger in _exceeded(curve):
                yield _hit(case, weaker, stronger)


def _curves(view: View) -> Iterator[list[Matched]]:
    """Yield the claims from the weakest certificate to the strongest."""
    by_radius = [placed for _, placed in view.certified("at_radius")]
    by_snr = [placed for _, placed in reversed(view.certified("at_snr_db"))]
    yield by_radius
    at_zero = [placed for threshold, placed in view.certified("at_radius")[:1] if threshold == 0]
    yield [*at_zero, *by_snr]


def _exceeded(curve: Curve) -> Iterator[tuple[Matched, Matched]]:
    """Yield each claim that exceeds weaker ones, behind the first of those."""
    lowest: Fraction | None = None
    for i, (stronger, (least, most)) in enumerate(curve):
        if lowest is not None and least > lowest:
            yield next(weaker for weaker, (_, top) in curve[:i] if top < least), stronger
        lowest = most if lowest is None else min(lowest, most)


def _hit(case: Case, weaker: Matched, stronger: Matched) -> Hit:
    """Return the finding: a warning when truncation that nobody declared could save it."""
    most, least = (exact_share(case.results, placed, loosely) for placed in (weaker, stronger))
    is_saved = most is None or least is None or least[0] <= most[1]
    message = (
        f"expected at most {weaker.claim.value}, the accuracy of a weaker certificate, "
        f"found {stronger.claim.value}"
    )
    evidence = {"weaker": weaker.pointer, "weaker_value": str(weaker.claim.value)}
    severity = Severity.WARNING if is_saved else Severity.ERROR
    return Hit(f"{stronger.pointer}/value", message, {**evidence}, severity)
