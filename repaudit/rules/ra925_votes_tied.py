"""Some votes are ties.

Why
---
Where the largest logits are equal, the class depends on who breaks the tie: here the lowest
index, elsewhere the order of a parallel reduction. Ties are common in narrow types and in
networks that saturate; a device that breaks them otherwise gives other counts.

Bad
---
    {"x-probes": [{"name": "finite_outputs", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked",
       "numbers": {"rows": 256, "not_finite": 0, "ties": 5}}]}

Good
----
    {"x-probes": [{"name": "finite_outputs", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked",
       "numbers": {"rows": 256, "not_finite": 0, "ties": 0}}]}

References
----------
PyTorch, torch.argmax: which of several maximal values is returned is not determined.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import asked
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every network that left a vote open."""
    for outputs in asked(case, "finite_outputs"):
        if outputs.exceeds("ties", 0):
            ties, rows = outputs.number("ties"), outputs.number("rows")
            message = (
                f"{outputs.who}expected one largest output, found several on {ties or 0:.0f} of "
                f"{rows or 0:.0f} noisy inputs, counted for the lowest class"
            )
            yield Hit(outputs.pointer, message, outputs.evidence("ties", "rows"))
