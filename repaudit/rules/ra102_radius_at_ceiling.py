"""A median radius is the largest that the draws can certify.

Why
---
Where the median example wins every vote, the median radius is sigma Phi^-1(alpha^(1/n)): a
function of the budget that any good enough network reaches. It is no measurement of this one, and
comparing such medians across sigma, data sets or networks compares budgets.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007784"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.22"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2 and figure 8: radius against number of draws.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import matching_claims
from repaudit.contract.results import Results
from repaudit.rules._radius import Radius, radii_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._selects import asserts_of, parts_of
from repaudit.statistics.certificate import n_needed

COMPARES = ("greater", "less", "increasing", "decreasing")
FARTHER = 1.25
"""The ceiling that the number of draws in the evidence would reach, over the present one."""


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041", "RA043", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every median at the ceiling, and every sentence that compares only such medians."""
    censored: set[str] = set()
    for radius in radii_of(case.results):
        if _is_at_ceiling(radius):
            censored.add(radius.placed.pointer)
            yield _hit(radius)
    yield from _statements(case.results, censored)


def _is_at_ceiling(radius: Radius) -> bool:
    """Whether a median may be the ceiling; a mean of such medians is the ceiling as well."""
    if radius.placed.claim.statistic not in ("median", "quantile"):
        return False
    low, high = radius.over_sigma(radius.interval)
    return low <= radius.ceiling <= high


def _hit(radius: Radius) -> Hit:
    setting = radius.settings[0]
    more = n_needed(radius.ceiling * FARTHER, setting.alpha)
    value = radius.placed.claim.value
    message = f"expected a median below the ceiling of {setting.n} draws, found {value}"
    evidence = {
        "ceiling": radius.sigma * radius.ceiling,
        "n": setting.n,
        "n_for_a_quarter_more": more,
    }
    return Hit(radius.placed.pointer, message, dict(evidence))


def _statements(results: Results, censored: set[str]) -> Iterator[Hit]:
    for pointer, scope, claimed in asserts_of(results):
        if claimed.relation not in COMPARES:
            continue
        parts = [part for _, part in parts_of(claimed)]
        found = [m.pointer for part in parts for m in matching_claims(results, scope, part)]
        if len(found) > 1 and set(found) <= censored:
            message = "expected a comparison of measurements, found one of ceilings"
            yield Hit(pointer, message, {"medians": len(found)}, Severity.WARNING)
