"""Two sides of a triangle and the third: what spectra and their difference can measure."""

import math

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.tables import AliasingRecords
from repaudit.rules._quantity import Interval

ARITHMETIC = 1e-3
"""Relative difference of one sum between two machines (standard, section 6)."""
Side = tuple[float, float]


def relative_sides(share: Interval, level: Interval) -> tuple[Side, Side]:
    """Return ``|S|/|D|`` and ``|U|/|D|`` from ``|D|^2/|S|^2`` and ``10 log10(|D|^2/|U|^2)``.

    >>> relative_sides((0.25, 0.25), (0.0, 0.0))
    ((2.0, 2.0), (1.0, 1.0))
    """
    low = math.inf if share[0] <= 0 else 1 / math.sqrt(share[0])
    strided = (1 / math.sqrt(share[1]), low)
    # Beyond 3000 dB a float overflows; no spectrum does.
    ends = [min(max(float(end), -3000.0), 3000.0) for end in level]
    return strided, (10 ** (-ends[1] / 20), 10 ** (-ends[0] / 20))


def closes(one: Side, other: Side) -> bool:
    """Return whether two sides of some lengths and one of length 1 may form a triangle."""
    slack = ARITHMETIC
    too_short = one[1] + other[1] < 1 - slack
    apart = max(one[0] - other[1], other[0] - one[1])
    return not too_short and apart <= 1 + slack * max(one[0], other[0], 1.0)


def impossible_rows(records: AliasingRecords) -> int:
    """Return how many rows of released sums are negative or close no triangle."""
    sums = (records.abs_difference, records.abs_strided, records.abs_alias_free)
    squares = (records.sq_difference, records.sq_strided, records.sq_alias_free)
    negative = np.zeros(len(records), dtype=np.bool_)
    for column in (*sums, *squares):
        negative |= column < 0
    roots = [np.sqrt(np.maximum(column, 0)) for column in squares]
    return int((negative | _open(*sums) | _open(*roots)).sum())


def _open(
    one: NDArray[np.float64], two: NDArray[np.float64], three: NDArray[np.float64]
) -> NDArray[np.bool_]:
    longest = np.maximum(np.maximum(one, two), three)
    return np.asarray(2 * longest > (one + two + three) + ARITHMETIC * longest)
