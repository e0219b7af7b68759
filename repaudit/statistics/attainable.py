"""Which printed numbers a lattice of radii can give, and how many of them it would fit by chance.

A printed number is an interval ``low..high``, as wide as one unit of its last digit. A member of
a population has a value of the lattice; a quantile may lie between two of them.

Units
    Those of the lattice. ``share`` is the weight of the upper of two neighbours, in (0, 1).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
FLOAT32 = 2.0**-23
"""Relative rounding of a radius that was stored in float32: no printed number is judged finer."""
_NEAR, _CELLS = 0.05, 50
"""A printed number's neighbourhood: 5 % to both sides, and at least 50 numbers."""


def widened(low: ArrayLike, high: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return intervals with room for the float32 rounding of what they hold.

    >>> low, high = widened([1.0], [1.0])
    >>> bool(low[0] < 1.0 < high[0])
    True
    """
    bottom, top = np.asarray(low, np.float64), np.asarray(high, np.float64)
    return bottom - FLOAT32 * np.abs(bottom), top + FLOAT32 * np.abs(top)


def holds_member(lattice: FloatArray, low: ArrayLike, high: ArrayLike) -> BoolArray:
    """Return which intervals hold a value of an ascending lattice; closed intervals.

    >>> holds_member(np.array([1.0, 2.0]), [0.9, 1.1], [1.0, 1.9]).tolist()
    [True, False]
    """
    first = np.searchsorted(lattice, low, side="left")
    return np.asarray(first < np.searchsorted(lattice, high, side="right"))


def holds_between(lattice: FloatArray, share: float, low: float, high: float) -> bool:
    """Return whether (1 - share) a + share b lies in low..high for some a <= b of the lattice.

    >>> holds_between(np.array([0.0, 1.0, 4.0]), 0.5, 2.4, 2.5)  # (1 + 4) / 2
    True
    """
    return bool(_pairs(lattice, share, low, high).any())


def chance_of_member(lattice: FloatArray, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return the share of printed numbers near each one that the lattice can give.

    Shapes
        low, high  f64[rows]  intervals; those of one width are taken to be printed with the same
                              unit and rounding
        return     f64[rows]  in [0, 1]: the chance that a number made up nearby fits

    >>> float(chance_of_member(np.array([1.0]), [0.995], [1.005])[0])  # 1 of 101 numbers
    0.009900990099009901
    """
    bottom, top = np.atleast_1d(np.asarray(low, np.float64)), np.atleast_1d(np.asarray(high))
    width = top - bottom
    digits = 2.0 - np.floor(np.log10(width))
    unit = np.round(width * 10.0**digits)
    share = np.empty_like(bottom)
    for key in {*zip(unit.tolist(), digits.tolist(), strict=True)}:
        rows = (unit == key[0]) & (digits == key[1])
        share[rows] = _share(lattice, bottom[rows], float(np.median(width[rows])))
    return share


def chance_of_between(lattice: FloatArray, share: float, low: float, high: float) -> float:
    """Return an upper bound on the same share for a number between two values of the lattice."""
    width = high - low
    cells = neighbours(low, high)
    reach = (cells - 1) / 2.0 * width
    pairs = int(_pairs(lattice, share, max(low - reach, 0.0), high + reach).sum())
    return min(pairs / cells, 1.0)


def neighbours(low: float, high: float) -> int:
    """Return how many printed numbers the neighbourhood of one has, itself included.

    >>> neighbours(0.995, 1.005), neighbours(0.9995, 1.0005)
    (101, 101)
    """
    return int(2.0 * _reach(np.array([low]), high - low)[0]) + 1


def _reach(low: FloatArray, width: float) -> FloatArray:
    return np.maximum(np.round(_NEAR * np.abs(low + width / 2.0) / width), float(_CELLS))


def _share(lattice: FloatArray, low: FloatArray, width: float) -> FloatArray:
    """Count the cells of the printed grid around each interval that hold a lattice value."""
    cells = np.unique(np.floor((lattice - low[0]) / width))
    at, reach = np.round((low - low[0]) / width), _reach(low, width)
    # a radius is positive: no printed number lies below zero
    first = np.maximum(at - reach, np.ceil(-low[0] / width))
    inside = np.searchsorted(cells, at + reach, "right") - np.searchsorted(cells, first, "left")
    return np.asarray(np.clip(inside / np.maximum(at + reach - first + 1.0, 1.0), 0.0, 1.0))


def _pairs(lattice: FloatArray, share: float, low: float, high: float) -> NDArray[np.int64]:
    """Return for each a how many b >= a of the lattice lie where the interval needs them."""
    below = lattice * (1.0 - share)
    first = np.searchsorted(lattice, (low - below) / share, side="left")
    last = np.searchsorted(lattice, (high - below) / share, side="right")
    first = np.maximum(first, np.arange(len(lattice)))
    return np.asarray(np.maximum(last - first, 0), np.int64)
