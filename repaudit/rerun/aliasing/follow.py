"""How far a layer's scale travels: through what is positively homogeneous, to what can undo it.

With c times the weights of one layer and 1 / c times those of the layers that read it, a network
of ReLUs, poolings and convolutions computes what it did before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from repaudit.rerun.aliasing.operation import Refused
from repaudit.rerun.aliasing.recognise import Settings, bound, name_of, recognised

AFFINE = frozenset({"conv1d", "conv2d", "conv3d", "convolution", "linear"})
HOMOGENEOUS = frozenset(
    {"relu", "leaky_relu", "prelu", "mean", "sum", "slice", "select", "narrow", "view", "reshape"}
    | {"flatten", "unsqueeze", "squeeze", "transpose", "permute", "t", "clone", "contiguous", "to"}
    | {"to_copy", "dropout", "pad", "constant_pad_nd", "reflection_pad1d", "reflection_pad2d"}
    | {f"{kind}_pool{axes}d" for kind in ("max", "avg") for axes in (1, 2, 3)}
    | {f"adaptive_{kind}_pool{axes}d" for kind in ("max", "avg") for axes in (1, 2, 3)}
    | {"relu_", "leaky_relu_", "alias", "detach", "expand", "chunk", "split", "cat"}
)
"""f(c x) = c f(x) for every c > 0 (``cat``: when all of it is scaled)"""


class NotPreserved(ValueError):
    """A rescaling of this layer would change what the network computes."""


@dataclass
class Rescaling:
    """Which numbers of a network take part; parameters by their address."""

    grown: list[int] = field(default_factory=list)
    """weights and biases times c"""
    shrunk: list[int] = field(default_factory=list)
    """weights over c"""
    norms: list[tuple[int, int, float]] = field(default_factory=list)
    """running mean, running variance and epsilon of a BatchNorm that reads what grew"""
    coarsened: bool = False
    """whether something that grew lost part of its grid"""

    def apply(self, network: nn.Module, copied: nn.Module, factor: float) -> None:
        """Rescale ``copied``, which has the modules of ``network``."""
        theirs = dict([*copied.named_parameters(), *copied.named_buffers()])
        own = [*network.named_parameters(), *network.named_buffers()]
        by_address = {tensor.data_ptr(): theirs[name] for name, tensor in own}
        with torch.no_grad():
            for address in self.grown:
                by_address[address].mul_(factor)
            for address in self.shrunk:
                by_address[address].div_(factor)
            for mean, variance, epsilon in self.norms:
                by_address[mean].mul_(factor)
                # sqrt(c^2 v + (c^2 - 1) eps + eps) = c sqrt(v + eps): exactly undone.
                by_address[variance].mul_(factor**2).add_((factor**2 - 1.0) * epsilon)


class _Follow(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows what a layer's output becomes; raises ``NotPreserved`` where it cannot be undone."""

    def __init__(self, weight: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._weight, self._scaled = weight, dict[int, Tensor]()
        self.found = Rescaling()

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        output = function(*args, **(kwargs or {}))
        settings = bound(function, args, kwargs or {})
        if self._grows(name_of(function), settings, output):
            for leaf in tree_leaves(output):
                if isinstance(leaf, Tensor):
                    # Held, so that its identity stays its own.
                    self._scaled[id(leaf)] = leaf
            self._note_grid(function, settings, output)
        return output

    def is_scaled(self, value: object) -> bool:
        """Whether a value is c times what it was."""
        return id(value) in self._scaled

    def _grows(self, name: str, settings: Settings, output: Any) -> bool:
        """Whether an operation's output is c times what it was."""
        weight = settings.get("weight")
        if isinstance(weight, Tensor) and weight.data_ptr() == self._weight:
            return self._begin(settings)
        inputs = [leaf for leaf in tree_leaves(settings) if isinstance(leaf, Tensor)]
        scaled = [self.is_scaled(leaf) for leaf in inputs]
        if not any(scaled):
            return False
        if name in AFFINE and self.is_scaled(settings["input"]) and sum(scaled) == 1:
            self.found.shrunk.append(settings["weight"].data_ptr())
            return False
        if name == "batch_norm" and sum(scaled) == 1 and not settings["training"]:
            mean, variance = settings["running_mean"], settings["running_var"]
            self.found.norms.append((mean.data_ptr(), variance.data_ptr(), settings["eps"]))
            return False
        if name in HOMOGENEOUS and all(scaled):
            return True
        raise NotPreserved(f"{name} is not homogeneous")

    def _begin(self, settings: Settings) -> bool:
        if self.found.grown or any(self.is_scaled(v) for v in settings.values()):
            raise NotPreserved("the layer runs more than once")
        for parameter in (settings["weight"], settings.get("bias")):
            if parameter is not None:
                self.found.grown.append(parameter.data_ptr())
        return True

    def _note_grid(self, function: Any, settings: Settings, output: Any) -> None:
        first = output[0] if isinstance(output, Sequence) else output
        try:
            operation = recognised(function, settings, first)
        except Refused:
            return
        is_step = name_of(function) == "slice" and settings["step"] > 1 and settings["dim"] > 1
        if is_step or (operation is not None and max(operation.strides) > 1):
            self.found.coarsened = True


class _Weights(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Collects the weights that a network uses, in order."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.addresses: list[int] = []

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        weight = bound(function, args, kwargs or {}).get("weight")
        if isinstance(weight, Tensor):
            self.addresses.append(weight.data_ptr())
        return function(*args, **(kwargs or {}))


def rescalings(network: Callable[[Tensor], Tensor], x: Tensor) -> list[Rescaling]:
    """Return every rescaling of one layer that leaves the function and reaches a coarser grid."""
    with torch.inference_mode(), _Weights() as weights:
        network(x)
    found = []
    for address in dict.fromkeys(weights.addresses):
        follow = _Follow(address)
        try:
            with torch.inference_mode(), follow:
                output = network(x)
        except NotPreserved:
            continue
        touched = [*follow.found.grown, *follow.found.shrunk]
        if follow.is_scaled(output) or len(set(touched)) < len(touched):
            continue
        if follow.found.coarsened:
            found.append(follow.found)
    return found
