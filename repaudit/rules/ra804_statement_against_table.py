"""The text says of its tables what they do not show.

Why
---
More than 93 %, between 80 and 96 %, larger than without the defence, falling with the noise: each
is a relation between printed numbers, and each can be looked up. It fails only when no reading of
the digits satisfies it, and an approximate one is noted at most.

Bad
---
    {"statements": [{"source": "abstract", "quote": "certifies over 93 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0},
         "relation": "at_least", "value": "93", "unit": "percent"}]}]}

Good
----
    {"statements": [{"source": "abstract", "quote": "certifies over 92.3 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0},
         "relation": "at_least", "value": "92.3", "unit": "percent"}]}]}

References
----------
Nuijten et al. 2016, statcheck.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._assertions import failures
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each asserted relation that the printed numbers contradict."""
    for failure in failures(case.results):
        if not failure.is_quote:
            yield failure.hit()
