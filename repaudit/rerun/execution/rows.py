"""How many rows a block has: as many as keep the largest tensor inside of the network small.

On a CPU larger blocks leave the caches and take up to twice as long per row; on a GPU they would
not fit into its memory. Shapes alone decide, so every process of a run comes to the same number.
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
from repaudit.rerun.models.prepare import prepare
from repaudit.rerun.network import DeclaredNetwork
from repaudit.rerun.plan import Plan

FEWEST = 2
"""with one row a network that squeezes its output would give another shape"""


def fitted(plan: Plan, declared: DeclaredNetwork, block: Callable[[Plan], Tensor | None]) -> Plan:
    """Return a plan with at most its rows, and at least 2, halved until a block is small enough.

    ``block`` gives a network's input by some plan. Without one, and for a network that cannot
    run, nothing changes: the run says why. An exported program's own batch stays.
    """
    if declared.batch is not None:
        return plan
    try:
        few, more = (
            _sizes(declared, plan.device, block(replace(plan, rows=rows)))
            for rows in (FEWEST, 2 * FEWEST)
        )
    except _NoBlock:
        return plan
    each = max((b - a for a, b in zip_longest(few, more, fillvalue=0)), default=0) // FEWEST
    while plan.rows > FEWEST and plan.rows * each > plan.most_elements:
        plan = replace(plan, rows=plan.rows // 2)
    return plan


class _NoBlock(Exception):
    """There is nothing to run, or it cannot be run."""


def _sizes(declared: DeclaredNetwork, device: torch.device, x: Tensor | None) -> list[int]:
    """Return the elements of every tensor that a network makes of a block, in their order."""
    if x is None:
        raise _NoBlock
    run, seen = prepare(declared.module, device, declared.dtype, DECLARED), _Sizes()
    try:
        with torch.inference_mode(), seen:
            run.output(x)
    # Anybody's network may fail in any way.
    except Exception:
        raise _NoBlock from None
    return seen.elements


class _Sizes(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes how many elements every operation gives."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.elements: list[int] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        sizes = [part.numel() for part in tree_leaves(given) if isinstance(part, Tensor)]
        self.elements.append(max(sizes, default=0))
        return given
