"""Strided convolutions, with groups and dilation."""

from collections.abc import Sequence

import torch
from torch import Tensor

from repaudit.rerun.aliasing.operation import Operation, Refused, per_axis

CONVOLVE = {1: torch.conv1d, 2: torch.conv2d, 3: torch.conv3d}


class Convolution(Operation):
    """A convolution; what was padded before it in another mode is part of its input."""

    def __init__(
        self,
        source: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        *,
        stride: Sequence[int] | int,
        padding: Sequence[int] | int | str,
        dilation: Sequence[int] | int,
        groups: int,
    ) -> None:
        axes = weight.dim() - 2
        if source.dim() != weight.dim():
            raise Refused("its input has no axis of examples")
        self.name = f"conv{axes}d"
        self.source, self.weight, self._bias, self._groups = source, weight, bias, groups
        self.strides = per_axis(stride, axes)
        self._dilation = per_axis(dilation, axes)
        # torch takes "same" at stride 1 only, and "valid" is none.
        self.paddings = (0,) * axes if isinstance(padding, str) else per_axis(padding, axes)
        self.extents = tuple(
            step * (size - 1) + 1
            for step, size in zip(self._dilation, weight.shape[2:], strict=True)
        )
        self.channel_step = weight.shape[0] // groups if groups > 1 else 1

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the convolution at stride 1."""
        assert self.weight is not None
        source, groups = self.source[rows], 1
        if self._groups > 1:
            inputs = self.weight.shape[1]
            first, end = channels.start // self.channel_step, channels.stop // self.channel_step
            source, groups = source[:, first * inputs : end * inputs], end - first
        bias = None if self._bias is None else self._bias[channels]
        convolve = CONVOLVE[len(self.strides)]
        framed = self.framed(source, grid)
        return convolve(framed, self.weight[channels], bias, 1, 0, list(self._dilation), groups)
