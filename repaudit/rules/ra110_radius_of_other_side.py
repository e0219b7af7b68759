"""A radius is the ceiling of the bound with half or twice the declared alpha.

Why
---
Library functions for confidence intervals are two-sided, so that a one-sided bound at alpha needs
2 alpha as their argument. Forgetting it gives a smaller radius, doubling in the wrong place a
larger one, and the ceiling, which many medians reach, tells them apart.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007927"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.06"}]}}}

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
Clopper and Pearson 1934; statsmodels, ``proportion_confint``: the interval is two-sided.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._radius_words import hits_of
from repaudit.rules._rule import Case, Hit, rule


@rule(
    severity=Severity.ERROR,
    certainty=Certainty.PROVED,
    requires=("RA041", "RA047", "RA107"),
)
def check(case: Case) -> Iterator[Hit]:
    """Yield every radius that half or twice the declared alpha explains."""
    yield from hits_of(case, "RA110")
