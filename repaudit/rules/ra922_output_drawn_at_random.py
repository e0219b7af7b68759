"""The same input gives different outputs.

Why
---
Dropout that stays on, dither or a random crop inside the classifier draw at every call. Votes are
then still independent draws and the bound holds, but for the average over that randomness too: a
certificate for a fixed f says something else, and a deployed system must draw in the same way.

Bad
---
    {"x-probes": [{"name": "internal_randomness", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"runs": 5, "distinct_outputs": 5,
       "change_over_margin": 0.8, "votes_changed": 3}}]}

Good
----
    {"x-probes": [{"name": "internal_randomness", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"runs": 5, "distinct_outputs": 2,
       "change_over_margin": 0.0, "votes_changed": 0}}]}

References
----------
Croce and Hein 2020, AutoAttack: a check for randomized defences.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every network whose output moves by more than rounding when nothing else does."""
    for repeats in asked(case, "internal_randomness"):
        if is_random(repeats):
            outputs, runs = repeats.number("distinct_outputs"), repeats.number("runs")
            message = (
                f"{repeats.who}expected one output for one input, found {outputs or 0:.0f} "
                f"in {runs or 0:.0f} runs"
            )
            evidence = repeats.evidence("change_over_margin", "votes_changed", "distinct_outputs")
            yield Hit(repeats.pointer, message, evidence)


def is_random(repeats: Asked) -> bool:
    """Say whether repeats moved an output by more than rounding."""
    return repeats.exceeds("change_over_margin", 0.0) or repeats.exceeds("votes_changed", 0)
