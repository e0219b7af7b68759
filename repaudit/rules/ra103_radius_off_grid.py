"""No count of votes gives the printed radius.

Why
---
A radius follows from a whole number of votes out of n, so that n + 1 values exist for one sigma,
and near the ceiling they lie far apart. A median is one of them or lies between two. A value that
no count gives was made with another sigma, n, alpha or bound, or was typed wrong; where one other
setting explains every radius of the sampling, the finding names it with the chance that made-up
numbers would fit it as well. A released log of radii is judged as a whole, one finding per run.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007950"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.04"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007046"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "85.09"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2; Brown and Heathers 2017, the GRIM test.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._log_words import misfit
from repaudit.rules._logs import judged_logs
from repaudit.rules._radius_words import hits_of
from repaudit.rules._rule import Case, Hit, rule


@rule(
    severity=Severity.ERROR,
    certainty=Certainty.PROVED,
    requires=("RA041", "RA047", "RA107"),
)
def check(case: Case) -> Iterator[Hit]:
    """Yield every radius that no count gives, and every log with such radii."""
    yield from hits_of(case, "RA103")
    for log in judged_logs(case):
        if log.misfits:
            yield misfit(case, log)
