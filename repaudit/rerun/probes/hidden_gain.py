"""Whether the level of what arrives reaches the network's decision.

The same noisy input at half and at twice its level, behind T: if the logits stay, an RMS or peak
normaliser sits inside the classifier. Neighbours in a batch get different levels, so that a batch
which is normalised as a whole is no such thing. That other inputs move logits is the control.

Reference: checks.md C41; S1, failure mode 3.
"""

from repaudit.rerun.probes._bench import Bench, NotAsked, Numbers, Row
from repaudit.rerun.probes._change import change, largest
from repaudit.rerun.probes._numbers import rounded

LEVELS = (0.5, 2.0)
"""powers of two, so that scaling itself rounds nothing"""


def ask(bench: Bench) -> Numbers | None:
    """Return the largest change relative to the margin, and that between different inputs."""
    if bench.network.output == "class":
        raise NotAsked("the network returns classes, and a class says nothing of what moved it")
    rows = bench.one_each(0)
    if len(rows) < 2:
        rows += bench.one_each(1)
    plain = bench.outputs(rows, transform=False)
    scaled = [bench.outputs(_scaled(rows, turn), transform=False) for turn in range(len(LEVELS))]
    found = largest(*(change(bench.network, 0.0, plain, other) for other in scaled))
    control = change(bench.network, 0.0, plain, plain[::-1])
    return {
        "levels": ", ".join(f"{level:g}" for level in LEVELS),
        "inputs": len(rows),
        "change_over_margin": rounded(found.over_margin),
        "between_inputs_over_margin": rounded(control.over_margin),
    }


def _scaled(rows: list[Row], turn: int) -> list[Row]:
    return [row.scaled(LEVELS[(i + turn) % len(LEVELS)]) for i, row in enumerate(rows)]
