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
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import exact_share
from repaudit.rules._views import View, views


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each certified accuracy that exceeds the one of a weaker certificate."""
    for view in views(case.results):
        for curve in _curves(view):
            for i, stronger in enumerate(curve):
                yield from _first_exceeded(case.results, curve[:i], stronger)


def _curves(view: View) -> Iterator[list[Matched]]:
    """Yield the claims from the weakest certificate to the strongest."""
    by_radius = [placed for _, placed in view.certified("at_radius")]
    by_snr = [placed for _, placed in reversed(view.certified("at_snr_db"))]
    yield by_radius
    at_zero = [placed for threshold, placed in view.certified("at_radius")[:1] if threshold == 0]
    yield [*at_zero, *by_snr]


def _first_exceeded(results: Results, weaker: list[Matched], stronger: Matched) -> Iterator[Hit]:
    for placed in weaker:
        bad = severity_of(partial(_falls, results, placed, stronger), Severity.ERROR)
        if bad is not None:
            message = (
                f"expected at most {placed.claim.value}, the accuracy of a weaker certificate, "
                f"found {stronger.claim.value}"
            )
            evidence = {"weaker": placed.pointer, "weaker_value": str(placed.claim.value)}
            yield Hit(f"{stronger.pointer}/value", message, {**evidence}, bad)
            return


def _falls(results: Results, weaker: Matched, stronger: Matched, read: Read) -> bool:
    most, least = exact_share(results, weaker, read), exact_share(results, stronger, read)
    return most is None or least is None or least[0] <= most[1]
