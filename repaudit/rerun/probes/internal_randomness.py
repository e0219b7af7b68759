"""Whether the same input gives the same output.

One block goes through the classifier five times. Randomness by design must be declared: its
votes are still independent draws, but of another function than a fixed f.

Reference: checks.md C22.
"""

from repaudit.contract.base import stated
from repaudit.rerun.probes._bench import Bench, Numbers
from repaudit.rerun.probes._change import ROUNDING, change, largest
from repaudit.rerun.probes._numbers import rounded

RUNS = 5


def ask(bench: Bench) -> Numbers | None:
    """Return how many different outputs there were, and the largest change beyond rounding."""
    size = bench.plan.rows
    canaries = bench.one_each(0)[:size]
    rows = [*canaries, *bench.beside(1, size - len(canaries))]
    first, *others = (bench.block(rows) for _ in range(RUNS))
    rounding = ROUNDING[stated(bench.task.model.dtype, "dtype")]
    found = largest(*(change(bench.network, rounding, first, other) for other in others))
    return {
        "runs": RUNS,
        "rows": size,
        "distinct_outputs": len({output.tobytes() for output in (first, *others)}),
        "change_over_margin": rounded(found.over_margin),
        "change_over_size": rounded(found.of_size),
        "votes_changed": found.votes,
    }
