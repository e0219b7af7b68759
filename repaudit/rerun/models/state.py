"""Put named tensors into a network, all of them and nothing else."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from repaudit.rerun.models.errors import ModelError

PARALLEL_PREFIX = "module."
"""what ``torch.nn.DataParallel`` writes before every name"""
SHOWN = 4


def load_state(network: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    """Load the tensors into the network, in the precision they were stored in.

    A prefix ``module.`` that every name carries is taken off. ``num_batches_tracked``, which old
    checkpoints lack and evaluation never reads, may be absent.

    Raises ``ModelError`` with the first few names that are missing, unexpected or misshaped, and
    for weights that are not finite numbers.
    """
    if all(name.startswith(PARALLEL_PREFIX) for name in state):
        state = {name.removeprefix(PARALLEL_PREFIX): value for name, value in state.items()}
    if problems := _mismatches(network.state_dict(), state):
        raise ModelError(where, "the weights of the declared network", "; ".join(problems))
    for name, value in state.items():
        if not torch.isfinite(value).all():
            raise ModelError(where, "finite weights", f"NaN or infinity in {name}")
    floats = {value.dtype for value in state.values() if value.is_floating_point()}
    if len(floats) == 1:
        network.to(floats.pop())
    network.load_state_dict(dict(state), strict=False)


def _mismatches(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> list[str]:
    """Return one phrase per kind of mismatch; empty when the states fit."""
    needed = [name for name in expected if not name.endswith("num_batches_tracked")]
    kinds = {
        "missing": [name for name in needed if name not in found],
        "unexpected": [name for name in found if name not in expected],
        "misshaped": [
            f"{name} {list(found[name].shape)} instead of {list(expected[name].shape)}"
            for name in expected
            if name in found and found[name].shape != expected[name].shape
        ],
    }
    return [f"{kind} {_first(names)}" for kind, names in kinds.items() if names]


def _first(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
