"""The same noise was drawn more than once for one example.

Why
---
The bound counts independent draws. A generator that is seeded anew inside the loop over batches
gives every batch the same noise, so that the effective n is the batch size and every certificate
claims more draws than were made.

Bad
---
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"rows": 272, "size": 16000, "repeated_rows": 204}}]}

Good
----
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"rows": 272, "size": 16000, "repeated_rows": 0}}]}

References
----------
Cohen, Rosenfeld and Kolter 2019, algorithm CERTIFY: n independent draws.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import asked
from repaudit.rules._rule import Case, Hit, rule

SHORTEST = 8
"""Coordinates below which coarsely rounded noise repeats by chance."""
ERASED = 0.5
"""Share of erased noise above which rows are alike because nothing is left of it."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every sampler that gave a row twice."""
    for noise in asked(case, "noise"):
        is_erased = noise.exceeds("lost", ERASED) or noise.number("untouched") == 1.0
        is_telling = noise.exceeds("size", SHORTEST - 1) and not is_erased
        if is_telling and noise.exceeds("repeated_rows", 0):
            repeated, rows = noise.number("repeated_rows"), noise.number("rows")
            message = (
                f"{noise.who}expected {rows or 0:.0f} rows of noise, all different, "
                f"found {repeated or 0:.0f} that came before"
            )
            yield Hit(noise.pointer, message, noise.evidence("rows", "repeated_rows"))
