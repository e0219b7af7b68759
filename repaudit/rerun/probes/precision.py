"""Whether the network's declared precision moves votes, or swallows the noise.

The same noisy rows are classified in the declared arithmetic and in float32 (TF32 off). Where
the noise is added at the network's input, the share of values that rounding to the declared type
brings back to their clean value is measured too.

Reference: checks.md C23.
"""

from dataclasses import replace

import torch
from torch import Tensor

from repaudit.rerun.network import Network
from repaudit.rerun.probes._bench import Bench, Numbers, Row
from repaudit.rerun.probes._numbers import rounded
from repaudit.statistics.binomial import clopper_pearson_two_sided

WIDE = ("float32", "float64")
NARROW = {
    "bfloat16": torch.bfloat16,
    "bfloat16_autocast": torch.bfloat16,
    "float16": torch.float16,
    "float16_autocast": torch.float16,
}
CONFIDENCE = 0.99


def ask(bench: Bench) -> Numbers | None:
    """Return the share of votes that differ with its interval; nothing for a wide network."""
    if bench.task.model.dtype in WIDE:
        return None
    rows = bench.voters()
    declared = bench.network.votes(bench.outputs(rows))
    wide = _in_float32(bench)
    differ = int((declared != wide.votes(bench.outputs(rows, wide))).sum())
    low, high = clopper_pearson_two_sided(differ, len(rows), CONFIDENCE)
    absorbed, at_input = _absorbed(bench, rows[: bench.plan.rows]), not len(bench.stages.rest.steps)
    return {
        "rows": len(rows),
        "votes_differ": differ,
        "share": rounded(differ / len(rows)),
        "share_low": rounded(float(low)),
        "share_high": rounded(float(high)),
        "confidence": CONFIDENCE,
        "noise_absorbed": rounded(absorbed),
        "noise_at_input": at_input and bench.stages.transform is None,
    }


def _in_float32(bench: Bench) -> Network:
    """Return the same weights in float32; those of a narrow network are read again."""
    model = bench.task.model.model_copy(update={"dtype": "float32"})
    # The engine keeps it, and weights made in inference mode take part in no gradient later.
    with torch.inference_mode(False):
        return bench.engine.plain_network(replace(bench.task, model=model))


def _absorbed(bench: Bench, rows: list[Row]) -> float | None:
    """Return the share of input values whose change the declared type rounds away."""
    dtype = NARROW.get(str(bench.task.model.dtype))
    if dtype is None:
        return None
    noisy = bench.inputs(rows)
    clean = bench.inputs([Row(row.subject, row.subject.signal.values) for row in rows])
    moved = noisy != clean
    lost: Tensor = moved & (noisy.to(dtype) == clean.to(dtype))
    return float(lost.sum()) / max(int(moved.sum()), 1)
