"""No whole counts have this mean and this standard deviation.

Why
---
Two or three runs get whole numbers of examples right. The mean fixes their sum to a few values,
and only some standard deviations are left for each: two runs of 400 whose mean is 92.25 % differ
by an even number of examples, so that they deviate by 0, .35 or .71 points.

Bad
---
    {"evaluations": {"spoken-words": {"repeats": 2, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean",
        "spread": {"value": "0.30", "statistic": "std", "over": "repeats", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"repeats": 2, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean",
        "spread": {"value": "0.35", "statistic": "std", "over": "repeats", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

References
----------
Anaya 2016, The GRIMMER test; Allard 2018, Analytic-GRIMMER.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.rules._counts import Read, loosely, severity_of, whole
from repaudit.rules._dispersion import divisors_of, has_counts, printed_variance
from repaudit.rules._largest_spread import Groups, has_small_spread, is_mean_of, spread_groups
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import is_share, share
from repaudit.rules._walk import every_claim

MOST_GROUPS = 3


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each mean with a deviation that no counts of 2 or 3 groups of runs have."""
    for placed in every_claim(case.results):
        groups = spread_groups(case.results, placed) if is_share(placed.claim) else None
        if groups is None or len(groups) > MOST_GROUPS or not is_mean_of(placed, groups):
            continue
        size = _examples_of_each(groups)
        # One that is too large for any numbers has a rule of its own.
        if size is None or not has_small_spread(case.results, placed, loosely):
            continue
        bad = severity_of(partial(_exists, placed, size, len(groups)), Severity.ERROR)
        if bad is not None:
            yield _hit(placed, size, len(groups), bad)


def _hit(placed: Matched, size: int, groups: int, severity: Severity) -> Hit:
    claim = placed.claim
    assert claim.spread is not None  # what is not printed fits anything
    message = (
        f"expected the deviation of {groups} counts out of {size}, "
        f"found {claim.value} and {claim.spread.value}"
    )
    evidence = {"groups": groups, "examples": size}
    return Hit(f"{placed.pointer}/spread/value", message, {**evidence}, severity)


def _examples_of_each(groups: Groups) -> int | None:
    """Return the examples behind one group; ``None`` when its runs differ in size."""
    sizes = {run.examples for group in groups for run in group}
    return len(groups[0]) * sizes.pop() if len(sizes) == 1 else None


def _exists(placed: Matched, size: int, groups: int, read: Read) -> bool:
    variance = printed_variance(placed.claim, read, groups)
    mean = share(placed.claim, read)
    totals = whole(mean, size * groups) if mean is not None else None
    if variance is None or totals is None:
        return True
    return any(
        has_counts(total, size, groups, (variance[0] * factor, variance[1] * factor))
        for ddof in divisors_of(placed.claim)
        for factor in [Fraction((groups - ddof) * size**2)]
        for total in range(totals[0], totals[1] + 1)
    )
