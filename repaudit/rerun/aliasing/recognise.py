"""Which of torch's operations coarsen a grid, and what they are at stride 1.

Seen by the dispatcher, so that modules, functional calls and exported graphs look alike. An
operation that is not known shows by its shapes and is refused by name.
"""

import re
from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch._ops import OpOverload

from repaudit.rerun.aliasing.convolution import Convolution
from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.aliasing.pooling import AveragePooling, MaxPooling, adaptive

Settings = dict[str, Any]

CONVOLUTION = re.compile(r"conv[123]d|convolution")
POOLING = re.compile(
    r"(?P<adaptive>adaptive_)?(?P<kind>max|avg)_pool(?P<axes>[123])d(_with_indices)?"
)
WITHOUT_STRIDE = {
    "upsample": "interpolation has no stride",
    "fractional": "fractional pooling has no stride",
    "pixel_unshuffle": "it moves values into channels and drops none",
    "unfold": "it cuts frames and drops no value",
    "as_strided": "it lays memory out anew",
    "stft": "frames inside the network",
}
"""why an operation of a name that begins so is refused, when it makes the grid smaller"""
NO_GRID = frozenset(
    {"slice", "split", "split_with_sizes", "chunk", "narrow", "select", "permute", "transpose"}
    | {"t", "mT", "movedim", "cat", "stack", "expand", "linear", "matmul", "bmm", "mm", "addmm"}
    | {"einsum", "baddbmm", "lstm", "gru", "rnn_tanh", "rnn_relu", "glu", "constant_pad_nd", "pad"}
    | {"scaled_dot_product_attention", "unbind", "unsafe_split", "unsafe_chunk", "tensor_split"}
)
"""operations whose output is smaller by cropping, by another order of axes, or along features"""


def bound(function: OpOverload, args: Sequence[Any], kwargs: Settings) -> Settings:
    """Return all arguments of a call by name, defaults included."""
    parameters = function._schema.arguments
    values = {p.name: p.default_value for p in parameters if p.has_default_value()}
    values |= {p.name: value for p, value in zip(parameters, args, strict=False)}
    return values | kwargs


def name_of(function: OpOverload) -> str:
    """Return the name of an operation without namespace and overload.

    >>> import torch
    >>> name_of(torch.ops.aten.conv2d.default)
    'conv2d'
    """
    return function._schema.name.rpartition("::")[2].lstrip("_")


def recognised(function: OpOverload, settings: Settings, output: Tensor) -> Operation | None:
    """Return the operation of a call, at any stride; ``None`` for one that has none.

    Raises ``Refused`` when the call coarsens the grid and has no twin at stride 1.
    """
    name = name_of(function)
    if CONVOLUTION.fullmatch(name):
        return _convolution(settings)
    match = POOLING.fullmatch(name)
    if match is None:
        _refuse_coarser(name, settings, output)
        return None
    source, axes = settings["self"], int(match["axes"])
    if match["adaptive"]:
        return adaptive(source, output, axes, match["kind"])
    return _pooling(match["kind"], source, axes, settings)


def _convolution(settings: Settings) -> Operation | None:
    if settings.get("transposed", False):
        return None
    names = ("stride", "padding", "dilation", "groups")
    chosen = {key: settings[key] for key in names}
    return Convolution(settings["input"], settings["weight"], settings["bias"], **chosen)


def _pooling(kind: str, source: Tensor, axes: int, settings: Settings) -> Operation:
    if kind == "max":
        names: tuple[str, ...] = ("kernel_size", "stride", "padding", "dilation")
        return MaxPooling(source, axes, **{name: settings[name] for name in names})
    names = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
    override = settings.get("divisor_override")
    chosen = {name: settings[name] for name in names}
    return AveragePooling(source, axes, divisor_override=override, **chosen)


def _refuse_coarser(name: str, settings: Settings, output: Tensor) -> None:
    """Raise ``Refused`` for an unknown operation whose output has at most half the grid."""
    source = next(iter(settings.values()), None)
    if not isinstance(source, Tensor) or not source.is_floating_point() or name in NO_GRID:
        return
    if not output.is_floating_point() or not _is_coarser(source.shape, output.shape):
        return
    reasons = [why for begin, why in WITHOUT_STRIDE.items() if name.startswith(begin)]
    raise Refused(reasons[0] if reasons else f"no twin of {name} at stride 1 is known")


def _is_coarser(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether an axis behind examples and channels has at most half of its values, and not one.

    >>> _is_coarser((8, 4, 100), (8, 4, 50)), _is_coarser((8, 4, 100), (8, 4, 1))
    (True, False)
    """
    if len(before) != len(after) or len(before) < 3 or before[0] != after[0]:
        return False
    shrunk = [b for a, b in zip(before[2:], after[2:], strict=True) if 2 * b <= a + 1 and b < a]
    return any(size > 1 for size in shrunk)
