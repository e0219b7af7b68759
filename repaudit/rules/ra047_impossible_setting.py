"""A setting or a definition that cannot be.

Why
---
A defence rate without an attack, a median of a share, folds that do not add up: no experiment has
such a setting, so no number under it can be right.

Bad
---
    {"evaluations": {"spoken-words": {"sigma": 0}}}

Good
----
    {"evaluations": {"spoken-words": {"sigma": "0.0025"}}}

References
----------
The results file, metrics and settings: what each field belongs to.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._impossible_assert import impossible_asserts
from repaudit.rules._impossible_claim import impossible_claims
from repaudit.rules._impossible_data import impossible_data
from repaudit.rules._impossible_setting import impossible_settings
from repaudit.rules._impossible_steps import impossible_steps
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every setting that the schema lets through and no experiment has."""
    yield from impossible_data(case.results)
    yield from impossible_steps(case.results)
    yield from impossible_settings(case.results)
    yield from impossible_claims(case.results)
    yield from impossible_asserts(case.results)
