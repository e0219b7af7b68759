"""What an operation that coarsens the grid has: strides, and a twin at stride 1."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional


class Refused(ValueError):
    """An operation that coarsens the grid and cannot be measured; the text says why."""


class Operation(ABC):
    """One operation as it was called: ``source`` is ``[rows, channels, grid]``.

    The dense twin is the same operation at stride 1 on a grid of stride x output size: the input
    is extended on the right by the operation's own padding value until there are as many
    outputs, and cropped when there are more.
    """

    name: str
    """of the operation, as torch calls it"""
    source: Tensor
    strides: tuple[int, ...]
    """per axis of the grid"""
    extents: tuple[int, ...]
    """positions that one output reaches over, per axis of the grid"""
    paddings: tuple[int, ...]
    """values that the operation itself adds on the left, per axis of the grid"""
    channel_step: int = 1
    """output channels that can only be computed together"""
    weight: Tensor | None = None
    """its parameter, which tells whose it is"""

    @abstractmethod
    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return the output at stride 1, ``[rows, channels, grid]``.

        ``channels`` starts and ends at a multiple of ``channel_step``.
        """

    @property
    def is_shortcut(self) -> bool:
        """Whether it only drops values, as the shortcuts of residual networks do."""
        return all(extent == 1 for extent in self.extents)

    def extension(self, grid: Sequence[int]) -> tuple[int, ...]:
        """Return by how many positions the padded input is extended on the right, per axis."""
        lengths = self.source.shape[2:]
        needed = (size + extent - 1 for size, extent in zip(grid, self.extents, strict=True))
        there = (length + 2 * pad for length, pad in zip(lengths, self.paddings, strict=True))
        return tuple(max(0, a - b) for a, b in zip(needed, there, strict=True))

    def framed(self, source: Tensor, grid: Sequence[int], value: float = 0.0) -> Tensor:
        """Return the input padded, extended and cropped: stride 1 gives exactly ``grid``."""
        widths: list[int] = []
        axes = zip(source.shape[2:], self.paddings, self.extents, grid, strict=True)
        for length, pad, extent, size in axes:
            # functional.pad takes the last axis first, and crops where a width is negative.
            widths = [pad, size + extent - 1 - length - pad, *widths]
        return functional.pad(source, widths, value=value)


def per_axis(value: Sequence[int] | int, axes: int) -> tuple[int, ...]:
    """Return a setting for every axis; torch lets one number stand for all.

    >>> per_axis([2], 3), per_axis([1, 2], 2)
    ((2, 2, 2), (1, 2))
    """
    values = (value,) if isinstance(value, int) else tuple(value)
    return values * axes if len(values) == 1 else values
