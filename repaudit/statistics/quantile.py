"""Sample quantiles with a stated interpolation, where a value may be +inf (ranks last).

References
    [HF96] R. Hyndman and Y. Fan, Sample quantiles in statistical packages, 1996: position
    level * (size - 1), counted from 0 (type 7), as NumPy does by default.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

Interpolation = Literal["lower", "midpoint", "upper", "linear"]


def quantile_ranks(size: int, level: float) -> tuple[int, int, float]:
    """Return the 0-based ranks on both sides of a quantile and the fraction between them.

    A position within 1e-9 of an integer is that integer (.29 * 100 is not in floats).

    >>> quantile_ranks(4, 0.5)
    (1, 2, 0.5)
    >>> quantile_ranks(101, 0.29)
    (29, 29, 0.0)
    """
    if size < 1:
        raise ValueError("values: expected at least one, got none")
    if not 0.0 <= level <= 1.0:
        raise ValueError(f"level: expected a number in [0, 1], got {level}")
    position = level * (size - 1)
    if abs(position - round(position)) < 1e-9:
        return round(position), round(position), 0.0
    below = int(np.floor(position))
    return below, below + 1, position - below


def sample_quantile(values: ArrayLike, level: float, interpolation: Interpolation) -> float:
    """Return the quantile of a sample.

    Shapes
        values  f64[size]  +inf allowed: the SNR of an abstention ranks last
        return  float      +inf when an averaged neighbour is +inf, never nan

    ``lower`` and ``upper`` return a member of the sample, ``midpoint`` the mean of the two
    neighbours, ``linear`` the point between them. Raises ``ValueError`` for an empty sample,
    nan or -inf, or a level outside [0, 1].

    >>> [sample_quantile([4, 1, 2, 3], 0.5, how) for how in ("lower", "midpoint", "upper")]
    [2.0, 2.5, 3.0]
    >>> sample_quantile([70.0, float("inf")], 0.5, "linear")
    inf
    """
    ordered = np.sort(np.asarray(values, np.float64).ravel())
    if np.any(np.isnan(ordered)) or np.any(ordered == -np.inf):
        raise ValueError("values: expected numbers or +inf, got nan or -inf")
    below, above, fraction = quantile_ranks(ordered.size, level)
    low, high = float(ordered[below]), float(ordered[above])
    if interpolation == "lower" or low == high:
        return low
    if interpolation == "upper":
        return high
    share = 0.5 if interpolation == "midpoint" else fraction
    return low * (1.0 - share) + high * share
