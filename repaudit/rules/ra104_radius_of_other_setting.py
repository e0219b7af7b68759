"""A radius is the ceiling under another bound, alpha, number of draws or sigma.

Why
---
Every combination of bound, alpha and n has its own largest radius. When a radius that the declared
setting cannot give, or all radii of a sampling, equal the largest one of another setting, that is
most likely the one that was used. So it is when all radii of a log fit a setting that few numbers
fit; where the printed digits fit nearly any setting, a note says so.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007760"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.25"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".00763"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.38"}]}}}

References
----------
Brown, Cai and DasGupta 2001, Interval estimation for a binomial proportion; Hoeffding 1963.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._log_words import of_other, undecided
from repaudit.rules._logs import judged_logs
from repaudit.rules._radius_words import hits_of
from repaudit.rules._rule import Case, Hit, rule


@rule(
    severity=Severity.ERROR,
    certainty=Certainty.PROVED,
    requires=("RA041", "RA047", "RA107"),
)
def check(case: Case) -> Iterator[Hit]:
    """Yield every radius that another setting explains, and every log that it explains as well."""
    yield from hits_of(case, "RA104")
    for log in judged_logs(case):
        if log.is_of_other:
            yield of_other(log)
        elif log.is_undecided:
            yield undecided(log)
