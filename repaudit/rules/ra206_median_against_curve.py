"""A median certificate and the certified accuracy contradict each other.

Why
---
Half of all examples are on either side of the median. If the median radius over ``all`` lies above
a threshold, at least half are certified there, and at most half if it lies below; a median SNR and
a threshold in decibels the other way round. With the number of examples and the declared
interpolation the bound is a whole count.

An author who takes the median over the certified examples alone and calls it one over ``all`` has
left out the abstentions; the finding says so when that explains the number.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": 0.007, "value": "50.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": 0.007, "value": "50.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
The standard, section 2: over ``all``, a wrong or abstaining example counts as radius 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._quantity import Interval, interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._runs import runs_behind
from repaudit.rules._shares import exact_share
from repaudit.rules._views import POOLED, View, views

WEAKER_SIDE = {"certified_radius": "lower", "certified_snr": "upper"}


@dataclass(frozen=True)
class Point:
    """A median and the share of examples whose certificate is at least as strong as something."""

    median: Matched
    accuracy: Matched
    threshold: Fraction
    """in the median's coordinates"""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each median that the certified accuracies leave no room for."""
    for view in views(case.results):
        for point in _points(view) if view.combined == POOLED else ():
            bad = severity_of(partial(_agree, case.results, point), Severity.ERROR)
            if bad is not None:
                message = (
                    f"expected half of the examples on either side of the median "
                    f"{point.median.claim.value}, found {point.accuracy.claim.value} "
                    f"{point.accuracy.claim.unit} certified at {_shown(point)}"
                )
                evidence: dict[str, str | int | float | bool | None] = {
                    "median": point.median.pointer
                }
                if _fits_the_certified(case.results, view, point):
                    message += ", which fits a median that leaves out wrong and abstaining ones"
                    evidence["explained_by"] = "population certified_correct"
                yield Hit(f"{point.accuracy.pointer}/value", message, evidence, bad)


def _fits_the_certified(results: Results, view: View, point: Point) -> bool:
    """Return whether the median fits the certified and correct examples instead of all of them."""
    median = interval_of(point.median.claim)
    certified = exact_share(results, point.accuracy, interval_of)
    members = dict(view.certified("at_radius")).get(Fraction(0))
    positive = exact_share(results, members, interval_of) if members is not None else None
    if median is None or certified is None or positive is None or positive[1] == 0:
        return False
    return _is_stronger(point, median) and certified[1] >= positive[0] / 2


def _points(view: View) -> Iterator[Point]:
    radius = view.find("certified_radius", statistic="median", population="all")
    snr = view.find("certified_snr", statistic="median", population="all")
    for threshold, placed in view.certified("at_radius"):
        if radius is not None:
            yield Point(radius, placed, threshold)
    for threshold, placed in view.certified("at_snr_db"):
        if snr is not None:
            yield Point(snr, placed, threshold)


def _shown(point: Point) -> str:
    claim = point.accuracy.claim
    return f"radius {claim.at_radius}" if claim.at_radius is not None else f"{claim.at_snr_db} dB"


def _agree(results: Results, point: Point, read: Read) -> bool:
    median, certified = read(point.median.claim), exact_share(results, point.accuracy, read)
    if median is None or certified is None:
        return True
    least, most = _halves(results, point.median)
    if _is_stronger(point, median):
        return certified[1] >= least
    return not _is_weaker(point, median) or certified[0] <= most


def _is_stronger(point: Point, median: Interval) -> bool:
    if point.median.claim.metric == "certified_snr":
        return median[1] < point.threshold
    return median[0] > point.threshold


def _is_weaker(point: Point, median: Interval) -> bool:
    if point.median.claim.metric == "certified_snr":
        return median[0] > point.threshold
    return median[1] < point.threshold


def _halves(results: Results, median: Matched) -> tuple[Fraction, Fraction]:
    """Return the least share beyond a threshold weaker than the median, and the most otherwise."""
    runs = runs_behind(results, median)
    if runs is None:
        return Fraction(1, 2), Fraction(1, 2)
    size, side = sum(run.examples for run in runs), median.claim.interpolation
    least, most = size - size // 2, size // 2
    if size % 2 == 0 and side in ("lower", "upper"):
        is_weaker = side == WEAKER_SIDE[median.claim.metric]
        least, most = (least + 1, most) if is_weaker else (least, most - 1)
    return Fraction(least, size), Fraction(most, size)
