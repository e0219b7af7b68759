"""The mean radius is not the area under the certified accuracy.

Why
---
The mean radius over ``all`` (ACR) is the area under the curve of certified accuracy, which falls.
Between two thresholds it lies between the two accuracies, and it ends at the largest radius that
the budget can certify. Half of the examples reach the median, so the mean is at least half of it.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "mean", "population": "all", "value": ".00740"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "mean", "population": "all", "value": ".00738"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Zhai et al. 2020, MACER: the average certified radius.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import SINGLE, exact_share
from repaudit.rules._top_radius import top_radius
from repaudit.rules._views import ADDITIVE, POOLED, View, views

Bounds = tuple[Fraction, Fraction | None]
"""Least and greatest mean radius; None = no greatest."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each mean radius that the curve and the median leave no room for."""
    for view in views(case.results):
        mean = view.find("certified_radius", statistic="mean", population="all")
        if mean is None or view.combined not in ADDITIVE or _is_above_any(case.results, view, mean):
            continue
        bad = severity_of(partial(_agrees, case.results, view, mean), Severity.ERROR)
        if bad is not None:
            yield _hit(mean, _bounds(case.results, view, interval_of), bad)


def _is_above_any(results: Results, view: View, mean: Matched) -> bool:
    """Whether no radius is that large, which has a rule of its own."""
    top, printed = top_radius(results, view.evaluation), interval_of(mean.claim)
    return top is not None and printed is not None and printed[0] > top


def _hit(mean: Matched, bounds: Bounds, severity: Severity) -> Hit:
    low, high = bounds
    between = f"at least {float(low):.6g}"
    if high is not None:
        between = f"a mean radius between {float(low):.6g} and {float(high):.6g}"
    message = f"expected {between} under the certified accuracies, found {mean.claim.value}"
    evidence = {"least": float(low), "most": None if high is None else float(high)}
    return Hit(f"{mean.pointer}/value", message, {**evidence}, severity)


def _agrees(results: Results, view: View, mean: Matched, read: Read) -> bool:
    printed = read(mean.claim)
    if printed is None:
        return True
    low, high = _bounds(results, view, read)
    return printed[1] >= low * (1 - SINGLE) and (high is None or printed[0] <= high * (1 + SINGLE))


def _bounds(results: Results, view: View, read: Read) -> Bounds:
    top = top_radius(results, view.evaluation)
    low, high = _area(results, view, top, read)
    median = view.find("certified_radius", statistic="median", population="all")
    printed = read(median.claim) if median is not None and view.combined == POOLED else None
    if printed is not None:
        low = max(low, printed[0] / 2)
        if top is not None and high is not None:
            high = min(high, (printed[1] + top) / 2)
    return low, high


def _area(results: Results, view: View, top: Fraction | None, read: Read) -> Bounds:
    """Return the least and the greatest area under a falling curve through the accuracies."""
    low = high = Fraction(0)
    at, most = Fraction(0), Fraction(1)
    for radius, placed in view.certified("at_radius"):
        share = exact_share(results, placed, read)
        if share is None or (top is not None and radius > top):
            continue
        low += (radius - at) * share[0]
        high += (radius - at) * most
        at, most = radius, min(most, share[1])
    return low, None if top is None else high + (top - at) * most
