"""Fold BatchNorm into the convolution before it, where both compute one affine function.

In evaluation mode BatchNorm multiplies and shifts each channel by constants, so
``bn(conv(x))`` is a convolution with other weights: the same real function, and logits that
differ by rounding only.
"""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

NORM_AFTER: dict[type[nn.Module], type[nn.Module]] = {
    nn.Conv1d: nn.BatchNorm1d,
    nn.Conv2d: nn.BatchNorm2d,
    nn.Conv3d: nn.BatchNorm3d,
}


def fold_batch_norms(network: nn.Module) -> int:
    """Fold the BatchNorms of a network in place; return how many were.

    The network keeps its own ``forward``; a symbolic trace is only asked which pairs there are.
    A pair is folded when its convolution and its BatchNorm are each called once, the BatchNorm
    alone reads the convolution's output, and neither is touched in any other way. A network
    that cannot be traced, for instance one that branches on its input, stays as it is, and so
    does a BatchNorm that ``forward`` itself puts into training mode.
    """
    tracer = _Tracer()
    try:
        graph = tracer.trace(network)
    # The trace runs foreign Python on stand-ins for tensors, which may fail in any way.
    except Exception:
        return 0
    found = (pair for pair in _pairs(graph) if pair[1] not in tracer.trained)
    pairs = [pair for pair in found if _is_foldable(network, *pair)]
    for conv, norm in pairs:
        network.set_submodule(conv, _fuse(network.get_submodule(conv), network.get_submodule(norm)))
        network.set_submodule(norm, nn.Identity())
    return len(pairs)


class _Tracer(fx.Tracer):
    """Remembers which modules were in training mode when they were called."""

    def __init__(self) -> None:
        super().__init__()
        self.trained: set[str] = set()

    def call_module(
        self,
        m: nn.Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Record the call as usual."""
        if m.training:
            self.trained.add(self.path_of_module(m))
        return super().call_module(m, forward, args, kwargs)


def _pairs(graph: fx.Graph) -> list[tuple[str, str]]:
    """Return the paths of every two modules of which the second alone reads the first."""
    calls = [str(node.target) for node in graph.nodes if node.op == "call_module"]
    read = [str(node.target) for node in graph.nodes if node.op == "get_attr"]
    pairs = []
    for node in graph.nodes:
        before = node.args[0] if node.op == "call_module" and len(node.args) == 1 else None
        if not isinstance(before, fx.Node) or before.op != "call_module":
            continue
        pair = str(before.target), str(node.target)
        once = calls.count(pair[0]) == calls.count(pair[1]) == len(before.users) == 1
        if once and not any(name.startswith((f"{pair[0]}.", f"{pair[1]}.")) for name in read):
            pairs.append(pair)
    return pairs


def _is_foldable(network: nn.Module, conv_path: str, norm_path: str) -> bool:
    """Say whether the two are a plain convolution and a BatchNorm on fixed statistics."""
    conv, norm = network.get_submodule(conv_path), network.get_submodule(norm_path)
    return (
        NORM_AFTER.get(type(conv)) is type(norm)
        and not norm.training
        and getattr(norm, "running_var", None) is not None
        and not any(_is_altered(layer, network) for layer in (conv, norm))
    )


def _is_altered(layer: nn.Module, network: nn.Module) -> bool:
    """Say whether hooks change what the layer computes or a second name leads to it."""
    names = [
        name for name, other in network.named_modules(remove_duplicate=False) if other is layer
    ]
    return len(names) > 1 or bool(layer._forward_hooks or layer._forward_pre_hooks)


def _fuse(conv: nn.Module, norm: nn.Module) -> nn.Module:
    """Return the folded convolution; the weights are multiplied in float64."""
    assert isinstance(conv, nn.Conv1d | nn.Conv2d | nn.Conv3d)
    assert isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d)
    wide = copy.deepcopy(conv).to(torch.float64), copy.deepcopy(norm).to(torch.float64)
    return fuse_conv_bn_eval(*wide).to(conv.weight.dtype)
