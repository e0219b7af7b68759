"""A module of the network is in training mode, or a pass changes what the network holds.

Why
---
In training mode BatchNorm normalises by the batch and moves its running statistics, and Dropout
draws: the network certified is not the one that was trained, and differs from call to call. The
audit puts every network into evaluation mode first; what is found puts itself back. BatchNorm
without running statistics has no evaluation mode at all.

Bad
---
    {"x-probes": [{"name": "training_mode", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"modules": 23, "active": 4,
       "batch_statistics": 0, "changed_by_a_pass": 12, "names": "blocks.0.1, blocks.1.1"}}]}

Good
----
    {"x-probes": [{"name": "training_mode", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"modules": 23, "active": 0,
       "batch_statistics": 0, "changed_by_a_pass": 0, "names": ""}}]}

References
----------
PyTorch, torch.nn.BatchNorm2d: track_running_stats; yaodongyu/TRADES issue 3.
"""

from collections.abc import Iterator, Mapping

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case, Hit, rule

FAULTS = {
    "batch_statistics": "that normalise by the batch",
    "active": "in training mode",
    "changed_by_a_pass": "of its tensors changed by a pass",
}
SIGNS = {
    "own_in_training_mode": "of the author's in training mode",
    "other_buffers_changed": "of its buffers changed by a pass",
}
"""what may be harmless: a module that ignores its mode, a counter of calls"""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every network that trains, and as a warning what only looks as if it did."""
    for mode in asked(case, "training_mode"):
        found, severity = _those(mode, FAULTS), None
        if not found:
            found, severity = _those(mode, SIGNS), Severity.WARNING
        if found:
            what, names = ", ".join(found), mode.probe.numbers.get("names")
            message = f"{mode.who}expected modules in evaluation mode, found {what} ({names})"
            yield Hit(mode.pointer, message, mode.evidence("modules", *FAULTS, *SIGNS), severity)


def _those(mode: Asked, kinds: Mapping[str, str]) -> list[str]:
    return [
        f"{mode.probe.numbers[key]} {what}" for key, what in kinds.items() if mode.exceeds(key, 0)
    ]
