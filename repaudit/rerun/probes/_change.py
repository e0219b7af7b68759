"""By how much outputs moved that should have stayed, measured by what decides their votes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.model import Dtype
from repaudit.rerun.network import Network
from repaudit.rerun.votes import Output

ROUNDING: dict[Dtype, float] = {
    "float64": 5e-5,
    "float32": 5e-5,
    "tf32": 4e-3,
    "float16": 4e-3,
    "float16_autocast": 4e-3,
    "bfloat16": 3e-2,
    "bfloat16_autocast": 3e-2,
}
"""What another order of additions may move, relative to the largest logit: four units in the
last place of a narrow type, a hundred times what batches move on a CPU in float32 (5e-7 in the
built-in networks), in which the front ends of float64 networks work too."""
SMALLEST_MARGIN = 0.01
"""of the spread of a row's logits: a nearer tie is decided by anything"""

TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Change:
    """The largest change among the rows of two runs, and the votes that went elsewhere."""

    over_margin: float | None
    """relative to the margin of the row's vote, 0 within rounding; None without logits"""
    votes: int
    """rows that vote for another class, those that rounding may move left out"""
    of_size: float | None = None
    """relative to the row's largest magnitude, rounding included; None without logits"""


def change(network: Network, rounding: float, before: Output, after: Output) -> Change:
    """Return what moved between two outputs of the same rows.

    Shapes
        before, after  float[rows, classes], or [rows] where the network gives classes

    A row within ``rounding`` times its largest magnitude has not moved. A row that is not finite
    in both runs has not moved either; one that is in a single run votes elsewhere.
    """
    elsewhere = network.votes(before) != network.votes(after)
    if network.output == "class" or before.ndim != 2:
        return Change(None, int(elsewhere.sum()))
    old, new = before.astype(np.float64), after.astype(np.float64)
    finite = np.asarray(np.isfinite(old).all(1) & np.isfinite(new).all(1))
    old, new = np.where(finite[:, None], old, 0.0), np.where(finite[:, None], new, 0.0)
    moved = np.abs(new - old).max(1)
    size = np.maximum(np.maximum(np.abs(old).max(1), np.abs(new).max(1)), TINY)
    beyond = moved > rounding * size
    votes = int((elsewhere & (beyond | ~finite)).sum())
    relative = np.where(beyond, moved / margins(old), 0.0)
    return Change(float(relative.max()), votes, float((moved / size).max()))


def margins(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what decides each row's vote: its two largest logits apart, or a share of the spread.

    >>> margins(np.array([[0.0, 4.0, 3.0], [0.0, 1.0, 1.0]])).tolist()
    [1.0, 0.01]
    """
    ordered = np.sort(logits, axis=1)
    apart = ordered[:, -1] - ordered[:, -2] if logits.shape[1] > 1 else ordered[:, -1] * 0.0
    spread = SMALLEST_MARGIN * (ordered[:, -1] - ordered[:, 0])
    return np.asarray(np.maximum(np.maximum(apart, spread), TINY))


def largest(*changes: Change) -> Change:
    """Return the largest change of some, and their votes together."""
    margins_moved = [one.over_margin for one in changes if one.over_margin is not None]
    sizes = [one.of_size for one in changes if one.of_size is not None]
    return Change(
        max(margins_moved, default=None),
        sum(one.votes for one in changes),
        max(sizes, default=None),
    )
