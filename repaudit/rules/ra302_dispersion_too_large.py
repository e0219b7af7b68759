"""A dispersion is larger than numbers with this mean can have.

Why
---
Numbers between a and b with mean m have a variance of at most (m - a)(b - m), S / (S - 1) times
that with divisor S - 1. Shares lie between 0 and 1, radii between 0 and what the budget can
certify. A range holds the mean of what it ranges over.

Bad
---
    {"evaluations": {"spoken-words": {"repeats": 3, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.2", "unit": "percent",
        "across": "mean",
        "spread": {"value": "40.0", "statistic": "std", "over": "repeats", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"repeats": 3, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.2", "unit": "percent",
        "across": "mean",
        "spread": {"value": "13.6", "statistic": "std", "over": "repeats", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

References
----------
Bhatia and Davis 2000, A better bound on the variance.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from math import sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._dispersion import printed_end
from repaudit.rules._largest_spread import has_small_spread, largest_variance, spread_groups
from repaudit.rules._quantity import SCALE, interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import is_share
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each deviation above the bound, and each range that misses its own mean."""
    for placed in every_claim(case.results):
        if placed.claim.spread is None:
            continue
        bad = severity_of(partial(has_small_spread, case.results, placed), Severity.ERROR)
        if bad is not None:
            yield _too_large(case.results, placed, bad)
        bad = severity_of(partial(_range_holds_value, placed.claim), Severity.ERROR)
        if bad is not None:
            low, high = placed.claim.spread.low, placed.claim.spread.high
            message = f"expected {placed.claim.value} within its range, found {low} to {high}"
            yield Hit(f"{placed.pointer}/spread", message, {}, bad)


def _too_large(results: Results, placed: Matched, severity: Severity) -> Hit:
    claim, groups = placed.claim, spread_groups(results, placed)
    assert claim.spread is not None  # without one nothing is too large
    assert groups is not None
    most = largest_variance(results, placed, groups, interval_of)
    assert most is not None
    scale = SCALE.get(claim.unit or "", Fraction(1))
    shown = sqrt(most / (len(groups) if claim.spread.statistic == "sem" else 1)) / scale
    message = f"expected at most {shown:.4g} over {len(groups)}, found {claim.spread.value}"
    evidence = {"most": float(shown), "over": len(groups)}
    return Hit(f"{placed.pointer}/spread/value", message, {**evidence}, severity)


def _range_holds_value(claim: Claim, read: Read) -> bool:
    is_mean = claim.across == "mean" or (claim.across == "pooled" and is_share(claim))
    value = read(claim)
    if not is_mean or value is None or claim.spread is None or claim.spread.statistic != "range":
        return True
    low, high = printed_end(claim, read, "low"), printed_end(claim, read, "high")
    return low is None or high is None or (low[0] <= value[1] and value[0] <= high[1])
