"""Whether the output for x depends on the rest of the batch, its size or its order.

Canaries keep their noise and change their company: other examples, reversed order, blocks of one
row, of two and of as many as a certification's, and companions 36 dB louder and softer. A
classifier that is a function of x gives the same logits but for rounding.

Reference: checks.md C20; the definition of g in [CRK19], section 2.
"""

from repaudit.contract.base import stated
from repaudit.rerun.pool import is_out_of_memory
from repaudit.rerun.probes._bench import Bench, NotAsked, Numbers, Row
from repaudit.rerun.probes._change import ROUNDING, Change, change, largest
from repaudit.rerun.probes._numbers import rounded
from repaudit.rerun.votes import Output

LEVELS = (64.0, 1 / 64.0)
"""of the companions that a batch-wide dynamic range or mean could not miss"""


def ask(bench: Bench) -> Numbers | None:
    """Return the largest change by kind of company; a program of fixed size has no other sizes."""
    size = bench.plan.rows
    if size < 2:
        raise NotAsked("the program takes one row at a time, so nothing stands beside it")
    canaries = bench.one_each(0)[: size // 2]
    count = size - len(canaries)
    alone = bench.block([*canaries, *bench.beside(1, count)])[: len(canaries)]
    louder = [row.scaled(LEVELS[i % 2]) for i, row in enumerate(bench.beside(1, count))]
    found = {
        "other_companions": bench.block([*canaries, *bench.beside(1001, count)]),
        "other_order": bench.block([*bench.beside(1, count)[::-1], *canaries[::-1]])[::-1],
        "loud_companions": bench.block([*canaries, *louder]),
    }
    changes = {name: _of(bench, alone, output) for name, output in found.items()}
    refused = _sizes(bench, canaries, alone, changes) if bench.network.batch is None else ""
    return _numbers(bench, len(canaries), changes, refused)


def _of(bench: Bench, before: Output, after: Output) -> Change:
    rounding = ROUNDING[stated(bench.task.model.dtype, "dtype")]
    return change(bench.network, rounding, before, after[: len(before)])


def _sizes(bench: Bench, canaries: list[Row], before: Output, changes: dict[str, Change]) -> str:
    """Add what smaller blocks give; return the sizes that the network refuses."""
    refused = []
    sizes = {1: "one_row", 2: "two_rows"}
    if bench.usual_rows < bench.plan.rows:
        sizes.setdefault(bench.usual_rows, "usual_rows")
    for rows, name in sizes.items():
        company = bench.beside(1, rows - 1)
        try:
            alone = [bench.block([canary, *company]) for canary in canaries]
        # The author's network or step may refuse a size in any way.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            refused.append(str(rows))
            continue
        pairs = zip(alone, before, strict=True)
        changes[name] = largest(*(_of(bench, old[None], new) for new, old in pairs))
    return ", ".join(refused)


def _numbers(bench: Bench, canaries: int, changes: dict[str, Change], refused: str) -> Numbers:
    usual = largest(*(c for name, c in changes.items() if name != "loud_companions"))
    sizes = [] if bench.network.batch is not None else ["1", "2", str(bench.usual_rows)]
    return {
        "canaries": canaries,
        "batch_sizes": ", ".join(dict.fromkeys([*sizes, str(bench.plan.rows)])),
        "fixed_batch": bench.network.batch is not None,
        "refused_sizes": refused,
        "change_over_margin": rounded(usual.over_margin),
        "change_over_size": rounded(usual.of_size),
        "votes_changed": usual.votes,
        **{name: rounded(c.over_margin) for name, c in sorted(changes.items())},
        "loud_votes_changed": changes["loud_companions"].votes,
    }
