"""More examples are certified correctly than the smoothed classifier gets right.

Why
---
A certificate needs more than half of the votes, so its class is the one that most votes go to: an
example certified correctly is one that the smoothed classifier gets right, and one certified
wrongly is one that it gets wrong. In an original both come from the same draws and the order is
exact; a transcription may join two runs, so there it is a warning.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "clean_accuracy", "value": "92.00", "unit": "percent", "classifier": "smoothed"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "clean_accuracy", "value": "92.25", "unit": "percent", "classifier": "smoothed"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2: PREDICT and CERTIFY.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import exact_share
from repaudit.rules._views import ADDITIVE, View, views


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each smoothed accuracy that the certified examples leave no room for."""
    worst = Severity.WARNING if case.is_transcription else Severity.ERROR
    for view in views(case.results):
        smoothed = view.find("clean_accuracy", classifier="smoothed")
        if smoothed is not None and _needs_majority(case.results, view):
            yield from _contradicted(case.results, view, smoothed, worst)


def _needs_majority(results: Results, view: View) -> bool:
    alpha = results.sampling[view.evaluation.sampling].alpha
    return not isinstance(alpha, Real) or alpha.value <= Fraction(1, 2)


def _contradicted(
    results: Results, view: View, smoothed: Matched, worst: Severity
) -> Iterator[Hit]:
    certified = [p for key in ("at_radius", "at_snr_db") for _, p in view.certified(key)]
    wrong = view.find("certified_wrong_rate") if view.combined in ADDITIVE else None
    for placed in [*certified, *([] if wrong is None else [wrong])]:
        bad = severity_of(partial(_has_room, results, smoothed, placed), worst)
        if bad is not None:
            found = f"{placed.claim.metric} {placed.claim.value}"
            message = f"expected room for a {found}, found {smoothed.claim.value}"
            yield Hit(f"{smoothed.pointer}/value", message, {"certified": placed.pointer}, bad)
            return


def _has_room(results: Results, smoothed: Matched, certified: Matched, read: Read) -> bool:
    right, part = exact_share(results, smoothed, read), exact_share(results, certified, read)
    if right is None or part is None:
        return True
    is_wrong = certified.claim.metric == "certified_wrong_rate"
    return right[0] + part[0] <= 1 if is_wrong else part[0] <= right[1]
