"""The text quotes a number that its table does not have.

Why
---
An abstract is read more often than the table behind it, and is often older. A quoted number agrees
when some value rounds to both; with fewer digits it may be truncated, which is a warning.

Bad
---
    {"statements": [{"source": "abstract", "quote": "certifies 92.5 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0},
         "relation": "equal", "value": "92.5", "unit": "percent"}]}]}

Good
----
    {"statements": [{"source": "abstract", "quote": "certifies 92 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0},
         "relation": "equal", "value": "92", "unit": "percent"}]}]}

References
----------
Nuijten et al. 2016, statcheck.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._assertions import failures, printed_elsewhere
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each quoted number that neither its claim nor one of another setting prints."""
    for failure in failures(case.results):
        if failure.is_quote and not printed_elsewhere(case.results, failure):
            yield failure.hit()
