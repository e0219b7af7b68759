"""Some outputs of the network are not finite.

Why
---
The largest of several NaNs is arbitrary: one library returns the first class, another the NaN's
place. Such a draw votes for no class and stays in the denominator here; an author's code that
counted it for some class counted votes that the network never gave.

Bad
---
    {"x-probes": [{"name": "finite_outputs", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"rows": 256, "not_finite": 3}}]}

Good
----
    {"x-probes": [{"name": "finite_outputs", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"rows": 256, "not_finite": 0}}]}

References
----------
The standard, section 2; pytorch/audio issue 2097: overflow of float16 spectrograms.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import asked
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every network that gave an output without a class."""
    for outputs in asked(case, "finite_outputs"):
        if outputs.exceeds("not_finite", 0):
            void, rows = outputs.number("not_finite"), outputs.number("rows")
            message = (
                f"{outputs.who}expected finite outputs, found {void or 0:.0f} of {rows or 0:.0f} "
                "noisy inputs without"
            )
            yield Hit(outputs.pointer, message, outputs.evidence("not_finite", "rows"))
