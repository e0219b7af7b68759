"""Slices with a step, such as ``x[..., ::2, ::2]`` of a parameter-free shortcut."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor

from repaudit.rerun.aliasing.operation import Operation


class Slicing(Operation):
    """Every s-th value; its twin keeps them all."""

    name = "slice"

    def __init__(self, source: Tensor, strides: Sequence[int]) -> None:
        self.source, self.strides = source, tuple(strides)
        self.extents = (1,) * len(self.strides)
        self.paddings = (0,) * len(self.strides)

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the input itself, from the first value that the slice takes."""
        return self.framed(self.source[rows, channels], grid)


@dataclass
class Slices:
    """Slices along one axis after the other, which together are one operation.

    torch takes the axes of ``x[..., ::2, ::2]`` in turn; the grids between are never used.
    """

    open: dict[int, tuple[Tensor, Slicing]] = field(default_factory=dict)
    """by the identity of a result that nothing has read yet"""

    def add(
        self, source: Tensor, output: Tensor, axis: int, start: int, end: int, step: int
    ) -> None:
        """Note a slice of one axis of the grid, positions ``start:end:step`` of ``source``."""
        # Held until here, so that its identity is its own.
        _, before = self.open.pop(id(source), (None, None))
        if before is None:
            strides = [1] * (source.dim() - 2)
            whole = source
        else:
            strides, whole = list(before.strides), before.source
        if strides[axis - 2] > 1:
            start, end = start * strides[axis - 2], end * strides[axis - 2]
        strides[axis - 2] *= step
        end = min(end, whole.shape[axis])
        self.open[id(output)] = output, Slicing(whole.narrow(axis, start, end - start), strides)

    def take(self, tensors: Sequence[Tensor]) -> list[tuple[Tensor, Slicing]]:
        """Return the slices whose results are among some tensors; they are read now."""
        return [self.open.pop(id(tensor)) for tensor in tensors if id(tensor) in self.open]

    def rest(self) -> list[tuple[Tensor, Slicing]]:
        """Return what was never read."""
        found = list(self.open.values())
        self.open.clear()
        return found
