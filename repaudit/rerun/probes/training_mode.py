"""Whether a module is in training mode, or a pass changes what the network holds.

Every network is put into evaluation mode before it is asked, so what is found here puts itself
back, or has no evaluation mode: BatchNorm without running statistics.

Reference: checks.md C21.
"""

import hashlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.nn.modules.instancenorm import _InstanceNorm

from repaudit.rerun.models.prepare import PreparedNetwork
from repaudit.rerun.probes._bench import Bench, NotAsked, Numbers

NAMED = 3
"""modules and tensors whose names are written down"""
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
"""buffers that only training moves; what else a network notes in a buffer may be harmless"""


def ask(bench: Bench) -> Numbers | None:
    """Return how many modules and tensors there are of each kind, and the first of their names."""
    network = bench.network.module
    if not isinstance(network, nn.Module):
        raise NotAsked("the network is a function, whose modules cannot be seen")
    network = network.network if isinstance(network, PreparedNetwork) else network
    changed, noted = _changed_by_a_pass(bench, network)
    modules = dict(network.named_modules())
    active = [name for name, layer in modules.items() if _is_active(layer)]
    own = [name for name, layer in modules.items() if layer.training and _is_own(layer)]
    batchwise = [name for name, layer in modules.items() if _is_batchwise(layer)]
    first = dict.fromkeys([*batchwise, *active, *changed, *noted, *own][:NAMED])
    return {
        "modules": len(modules),
        "active": len(active),
        "own_in_training_mode": len(own),
        "batch_statistics": len(batchwise),
        "changed_by_a_pass": len(changed),
        "other_buffers_changed": len(noted),
        "names": ", ".join(name or type(network).__name__ for name in first),
    }


def _changed_by_a_pass(bench: Bench, network: nn.Module) -> tuple[list[str], list[str]]:
    """Return the weights and statistics that a pass changes, and other buffers that it does."""
    bench.outputs(bench.one_each(0))  # a first pass may fill what is computed once
    before = _digests(network)
    bench.outputs(bench.one_each(1))
    after = _digests(network)
    moved = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    learned = {name for name, _ in network.named_parameters()}
    changed = [name for name in moved if name in learned or name.endswith(STATISTICS)]
    return changed, [name for name in moved if name not in changed]


def _is_own(layer: nn.Module) -> bool:
    """Say whether the author wrote the module, so that only he knows what its mode moves."""
    return type(layer).__module__.partition(".")[0] != "torch"


def _is_active(layer: nn.Module) -> bool:
    """Say whether training mode changes what the layer computes or keeps."""
    if not layer.training:
        return False
    if isinstance(layer, _InstanceNorm):
        return bool(layer.track_running_stats)
    if isinstance(layer, _BatchNorm | nn.RReLU):
        return True
    rate = layer.p if isinstance(layer, _DropoutNd) else getattr(layer, "dropout", 0.0)
    return isinstance(rate, float) and rate > 0.0


def _is_batchwise(layer: nn.Module) -> bool:
    """Say whether the layer normalises by its batch in evaluation mode too."""
    if not isinstance(layer, _BatchNorm):
        return False
    return layer.running_mean is None or layer.running_var is None


def _digests(network: nn.Module) -> dict[str, bytes]:
    return {name: hashlib.sha256(_bytes(tensor)).digest() for name, tensor in _state(network)}


def _state(network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from network.named_parameters()
    yield from network.named_buffers()


def _bytes(tensor: Tensor) -> bytes:
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().tobytes()
