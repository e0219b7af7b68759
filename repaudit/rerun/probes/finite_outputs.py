"""Whether the outputs are finite, and how many votes are ties.

Reference: checks.md C24, C25; the standard, section 2: an output that is not finite votes for
no class, a tie for the lowest index.
"""

import numpy as np

from repaudit.rerun.probes._bench import Bench, Numbers
from repaudit.rerun.votes import VOID


def ask(bench: Bench) -> Numbers | None:
    """Return how many noisy rows vote for nothing, and how many for the first of several."""
    output = bench.outputs(bench.voters())
    void = bench.network.votes(output) == VOID
    ties: int | None = None
    if output.ndim == 2 and output.shape[1] > 1:
        ordered = np.sort(output, axis=1)
        ties = int(((ordered[:, -1] == ordered[:, -2]) & ~void).sum())
    return {"rows": len(output), "not_finite": int(void.sum()), "ties": ties}
