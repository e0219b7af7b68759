"""A dispersion over one run that one run does not have.

Why
---
One run has no deviation over runs. What it has is that of its examples, each right or wrong, and
for an accuracy p that is sqrt(p (1 - p)): 26.7 points at 92.25 %, over the square root of N for
its standard error. Any other number is over several runs that the file does not have, or over
something else.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "spread": {"value": "0.57", "statistic": "std", "over": "examples", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "spread": {"value": "1.34", "statistic": "sem", "over": "examples", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Bouthillier et al. 2021, Accounting for variance in machine learning benchmarks.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from math import sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._dispersion import divisors_of, printed_variance
from repaudit.rules._quantity import SCALE, Interval
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._runs import runs_behind
from repaudit.rules._shares import is_share, share
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each dispersion of a share over one run that is not that over its examples."""
    for placed in every_claim(case.results):
        claim, runs = placed.claim, runs_behind(case.results, placed)
        if runs is None or len(runs) != 1 or claim.spread is None or not is_share(claim):
            continue
        if claim.spread.over not in ("examples", "unstated") or runs[0].examples < 2:
            continue
        bad = severity_of(partial(_fits, claim, runs[0].examples), Severity.ERROR)
        if bad is not None:
            expected = _over_examples(claim, runs[0].examples)
            message = f"expected {expected} over the examples, found {claim.spread.value}"
            yield Hit(f"{placed.pointer}/spread", message, {}, bad)


def _over_examples(claim: Claim, examples: int) -> str:
    assert claim.value is not None  # else there is nothing that does not fit
    assert claim.spread is not None
    scale = float(SCALE.get(claim.unit or "", Fraction(1)))
    p = float(claim.value.value) * scale
    deviation = sqrt(p * (1 - p)) / (sqrt(examples) if claim.spread.statistic == "sem" else 1.0)
    return f"about {deviation / scale:.3g}"


def _fits(claim: Claim, examples: int, read: Read) -> bool:
    printed, right = printed_variance(claim, read, examples), share(claim, read)
    if printed is None or right is None:
        return True
    low, high = _variances(right)
    factors = [Fraction(examples, examples - ddof) for ddof in divisors_of(claim)]
    return printed[0] <= high * max(factors) and printed[1] >= low * min(factors)


def _variances(share: Interval) -> Interval:
    """Return the least and the greatest p (1 - p)."""
    ends = [p * (1 - p) for p in share]
    holds_half = share[0] <= Fraction(1, 2) <= share[1]
    return min(ends), Fraction(1, 4) if holds_half else max(ends)
