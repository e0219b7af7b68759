"""A radius was computed in too few digits.

Why
---
The normal quantile near 1 loses the digits of what it is given: a bound stored in float16 gives a
ceiling of 3.2972 sigma where 3.1986 is right, and an infinite one for more draws. Take the quantile
of the small tail, in float64.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "max", "population": "certified",
         "rounding": "floor", "value": ".008242"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "max", "population": "certified",
         "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
IEEE 754: eleven significant bits in binary16, 24 in binary32.
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
    """Yield every radius that a rounded bound explains."""
    yield from hits_of(case, "RA114")
