"""How many rows a block has: as many as keep the largest tensor inside of the network small.

On a CPU larger blocks leave the caches and take up to twice as long per row; on a GPU they would
not fit into its memory. Shapes alone decide, so every process of a run comes to the same number.
What a fused operation keeps to itself is not seen.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from repaudit.rerun.execution.execution import DECLARED
from repaudit.rerun.models.prepare import PreparedNetwork, prepare
from repaudit.rerun.network import DeclaredNetwork
from repaudit.rerun.plan import Plan
from repaudit.rerun.pool import OutOfRoom, is_out_of_memory

FEWEST = 2
"""with one row a network that squeezes its output would give another shape"""


def fitted(plan: Plan, declared: DeclaredNetwork, block: Callable[[Plan], Tensor | None]) -> Plan:
    """Return a plan with at most its rows, and at least 2, halved until a block is small enough.

    ``block`` gives a network's input by some plan. Without one, and for a network that cannot
    run, nothing changes: the run says why. An exported program's own batch stays.

    Raises ``OutOfRoom`` where not even the fewest rows fit, and what ``block`` raises.
    """
    if declared.batch is not None:
        return plan
    few, more = (block(replace(plan, rows=rows)) for rows in (FEWEST, 2 * FEWEST))
    if few is None or more is None:
        return plan
    try:
        each = _elements(prepare(declared.module, plan.device, declared.dtype, DECLARED), few, more)
    # Anybody's network may fail in any way, and does so again when it is run.
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfRoom from error
        return plan
    while plan.rows > FEWEST and plan.rows * each > plan.most_elements:
        plan = replace(plan, rows=plan.rows // 2)
    return plan


def _elements(run: PreparedNetwork, few: Tensor, more: Tensor) -> float:
    """Return by how much the result that grows most does so per row: weights do not."""
    sizes = []
    for x in (few, more):
        with torch.inference_mode(), _Sizes() as seen:
            run.output(x)
        sizes.append(seen.elements)
    grown = (b - a for a, b in zip_longest(*sizes, fillvalue=0))
    return max(grown, default=0) / (len(more) - len(few))


class _Sizes(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes how many elements every operation gives; a view is no larger than what it views."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.elements: list[int] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        sizes = (_size(part) for part in tree_leaves(given) if isinstance(part, Tensor))
        self.elements.append(max(sizes, default=0))
        return given


def _size(tensor: Tensor) -> int:
    return min(tensor.numel(), tensor.untyped_storage().nbytes() // tensor.element_size())
