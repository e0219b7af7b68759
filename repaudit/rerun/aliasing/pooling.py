"""Max, average and LP pooling; adaptive pooling where it has a stride."""

import math
from collections.abc import Sequence
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional

from repaudit.rerun.aliasing.operation import Operation, Refused, per_axis

MAX = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}
AVERAGE = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}


class Pooling(Operation):
    """What the poolings share: kernel, stride and padding; torch reads no stride as the kernel."""

    def __init__(
        self,
        source: Tensor,
        axes: int,
        kernel: Sequence[int] | int,
        stride: Sequence[int] | int | None,
        padding: Sequence[int] | int = 0,
    ) -> None:
        self.source = source.unsqueeze(1) if source.dim() == axes + 1 else source
        self.kernel = per_axis(kernel, axes)
        self.strides = per_axis(stride, axes) if stride else self.kernel
        self.paddings = per_axis(padding, axes)
        self.extents = self.kernel

    @property
    def axes(self) -> int:
        """How many axes the grid has."""
        return len(self.strides)


class MaxPooling(Pooling):
    """Max pooling; a window that lies in the extension altogether gives 0."""

    def __init__(
        self,
        source: Tensor,
        axes: int,
        *,
        kernel_size: Sequence[int] | int,
        stride: Sequence[int] | int | None,
        padding: Sequence[int] | int,
        dilation: Sequence[int] | int,
    ) -> None:
        super().__init__(source, axes, kernel_size, stride, padding)
        self.name = f"max_pool{axes}d"
        self._dilation = per_axis(dilation, axes)
        steps = zip(self._dilation, self.kernel, strict=True)
        self.extents = tuple(step * (size - 1) + 1 for step, size in steps)

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the maxima at stride 1."""
        framed = self.framed(self.source[rows, channels], grid, -math.inf)
        found: Tensor = MAX[self.axes](framed, self.kernel, 1, 0, self._dilation)
        return found.masked_fill(found == -math.inf, 0.0)


class AveragePooling(Pooling):
    """Average pooling, with torch's own divisors at the borders."""

    def __init__(
        self,
        source: Tensor,
        axes: int,
        *,
        kernel_size: Sequence[int] | int,
        stride: Sequence[int] | int | None,
        padding: Sequence[int] | int = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(source, axes, kernel_size, stride, padding)
        self.name = f"avg_pool{axes}d"
        self._ceil, self._includes = ceil_mode, count_include_pad
        self._divisor = divisor_override

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the averages at stride 1."""
        framed = self.framed(self.source[rows, channels], grid)
        averages: Tensor = AVERAGE[self.axes](framed, self.kernel, 1)
        if self._divisor is not None:
            return averages * (math.prod(self.kernel) / self._divisor)
        if self._includes and not self._ceil:
            return averages
        factors = [self._factor(axis, size, averages) for axis, size in enumerate(grid)]
        return averages * reduce(torch.mul, factors)

    def _factor(self, axis: int, size: int, like: Tensor) -> Tensor:
        """Return kernel / counted positions of every window along one axis; 0 where none is."""
        length, pad, kernel = self.source.shape[2 + axis], self.paddings[axis], self.kernel[axis]
        first = torch.arange(size, device=like.device) - pad
        if self._includes:
            # In ceil mode torch counts padding, but not what lies behind it.
            count = torch.clamp(first + kernel, max=length + pad) - first
        else:
            count = torch.clamp(first + kernel, max=length) - torch.clamp(first, min=0)
        count = count.clamp(min=0)
        factor = torch.where(count > 0, kernel / count.clamp(min=1), 0.0).to(like.dtype)
        return factor.reshape([-1 if other == axis else 1 for other in range(self.axes)])


class PowerPooling(Pooling):
    """LP pooling: the root of the kernel's size times the average of the powers."""

    def __init__(
        self,
        source: Tensor,
        axes: int,
        power: float,
        kernel_size: Sequence[int] | int,
        stride: Sequence[int] | int | None = None,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(source, axes, kernel_size, stride)
        self.name = f"lp_pool{axes}d"
        self._power, self._ceil = power, ceil_mode

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the norms at stride 1."""
        averages = AveragePooling(
            self.source[rows, channels].pow(self._power),
            self.axes,
            kernel_size=self.kernel,
            stride=1,
            ceil_mode=self._ceil,
        ).dense(slice(None), slice(None), grid)
        total = torch.sign(averages) * functional.relu(averages.abs()) * math.prod(self.kernel)
        return total.pow(1.0 / self._power)


def adaptive(source: Tensor, output: Tensor, axes: int, kind: str) -> Pooling:
    """Return adaptive pooling (``avg`` or ``max``) as pooling with a stride.

    Raises ``Refused`` where an output size does not divide the input's.
    """
    lengths, sizes = source.shape[-axes:], output.shape[-axes:]
    if any(length % size for length, size in zip(lengths, sizes, strict=True)):
        words = [" x ".join(map(str, shape)) for shape in (lengths, sizes)]
        raise Refused(f"adaptive pooling of {words[0]} to {words[1]} has no stride")
    kernel = [length // size for length, size in zip(lengths, sizes, strict=True)]
    pooling: Pooling
    if kind == "avg":
        pooling = AveragePooling(source, axes, kernel_size=kernel, stride=kernel)
    else:
        pooling = MaxPooling(source, axes, kernel_size=kernel, stride=kernel, padding=0, dilation=1)
    pooling.name = f"adaptive_{pooling.name}"
    return pooling
