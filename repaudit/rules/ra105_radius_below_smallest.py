"""A radius is smaller than the smallest that the draws certify.

Why
---
The smallest count that certifies at all gives a positive radius; between it and zero there is
nothing, only abstention.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "min", "population": "certified",
         "rounding": "floor", "value": ".0000003"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "min", "population": "certified",
         "rounding": "floor", "value": ".0000006"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2: abstain unless the lower bound exceeds 1/2.
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
    """Yield every positive radius below the smallest one."""
    yield from hits_of(case, "RA105")
