"""Every radius that the bounds of published papers can give, not only the exact one.

Units
    ``z`` is a radius divided by sigma; only counts that certify (lower bound above 1/2) have one.

Everything is computed as the upper bound on the share of misses, because the lower bound on the
hits loses the digits of the radius when it is near 1.

References
    [CP34] as in `binomial`; [BCD01] L. Brown, T. Cai, A. DasGupta, Interval estimation for a
    binomial proportion, 2001 (Wilson, Jeffreys); [Hoeffding63] for the mean of bounded variables.
"""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special
from repaudit.statistics.binomial import checked_counts
from repaudit.statistics.certificate import TIE

FloatArray = NDArray[np.float64]
LowerBound = Literal[
    "clopper_pearson_one_sided", "clopper_pearson_two_sided", "wilson", "jeffreys", "hoeffding"
]
EXACT: LowerBound = "clopper_pearson_one_sided"
LARGEST_N = 1_000_000
"""Draws up to which a lattice is held: 4 MB."""
_NODES = 1024
"""Points of the interpolation."""
_TOP = 2048
"""Counts from the top of a lattice that are never interpolated."""


def upper_miss(misses: ArrayLike, n: int, alpha: float, bound: LowerBound) -> FloatArray:
    """Return the upper bound on the share of misses: one minus the lower bound on the hits.

    Shapes
        misses  int[...]  draws that did not give the class, in 0..n - 1
        return  f64[...]  may exceed 1 for ``hoeffding``

    ``clopper_pearson_two_sided`` gives half of alpha to each end; the others are one-sided at
    alpha. Only Clopper-Pearson and Hoeffding cover with at least 1 - alpha; Wilson and Jeffreys
    do so on average.

    Raises ``ValueError`` as `checked_counts` does.

    >>> float(upper_miss(0, 10, 0.5, "hoeffding").round(6))  # sqrt(ln 2 / 20)
    0.186165
    """
    checked, _ = checked_counts(misses, n, alpha)
    return _upper_miss(checked, n, alpha, bound)


def bound_ceiling(n: int, alpha: float, bound: LowerBound) -> float:
    """Return the largest R / sigma that n draws can certify under a bound; 0.0 when none.

    Raises ``ValueError`` as `checked_counts` does.

    >>> round(bound_ceiling(10_000, 0.001, "hoeffding"), 5)
    2.0839
    >>> bound_ceiling(9, 0.001, "clopper_pearson_one_sided")  # .5 ** 9 > .001
    0.0
    """
    checked_counts(0, n, alpha)
    return max(float(_z(np.zeros(1), n, alpha, bound)[0]), 0.0)


@lru_cache(maxsize=64)
def bound_lattice(n: int, alpha: float, bound: LowerBound) -> FloatArray:
    """Return every positive R / sigma that n draws can give, ascending, read-only.

    The last one belongs to n hits, the one before to n - 1 and so on. A lattice of more than
    4096 values is interpolated below its top 2048, within 1e-9 of the exact value.

    Raises ``ValueError`` as `checked_counts` does and for n above one million.

    >>> bound_lattice(11, 0.001, "clopper_pearson_one_sided").round(4).tolist()  # k = 11 alone
    [0.0845]
    """
    checked_counts(0, n, alpha)
    if n > LARGEST_N:
        raise ValueError(f"n: expected at most {LARGEST_N}, got {n}")
    misses = np.arange(_most_misses(n, alpha, bound), -1.0, -1.0)
    if len(misses) <= 2 * _TOP:
        lattice = _z(misses, n, alpha, bound)
    else:
        low = _interpolated(misses[:-_TOP], n, alpha, bound)
        lattice = np.concatenate([low, _z(misses[-_TOP:], n, alpha, bound)])
    lattice.setflags(write=False)
    return lattice


def _upper_miss(misses: FloatArray, n: int, alpha: float, bound: LowerBound) -> FloatArray:
    match bound:
        case "clopper_pearson_one_sided":
            return np.asarray(special.betainccinv(misses + 1.0, n - misses, alpha))
        case "clopper_pearson_two_sided":
            return np.asarray(special.betainccinv(misses + 1.0, n - misses, alpha / 2.0))
        case "jeffreys":
            return np.asarray(special.betainccinv(misses + 0.5, n - misses + 0.5, alpha))
        case "hoeffding":
            return np.asarray(misses / n + np.sqrt(np.log(1.0 / alpha) / (2.0 * n)))
        case "wilson":
            z = float(special.ndtri(alpha))
            share, unit = misses / n, z * z / n
            half = abs(z) * np.sqrt(share * (1.0 - share) / n + unit / (4.0 * n))
            return np.asarray((share + unit / 2.0 + half) / (1.0 + unit))


def _z(misses: FloatArray, n: int, alpha: float, bound: LowerBound) -> FloatArray:
    """Return R / sigma, negative where the count does not certify."""
    return np.asarray(-special.ndtri(np.minimum(_upper_miss(misses, n, alpha, bound), 1.0)))


def _most_misses(n: int, alpha: float, bound: LowerBound) -> int:
    """Bisect for the largest number of misses that certifies; -1 when none does."""
    low, high = -1, n  # low certifies (or is -1), high does not
    while high - low > 1:
        middle = (low + high) // 2
        miss = float(_upper_miss(np.array([float(middle)]), n, alpha, bound)[0])
        # equality is an abstention, as everywhere
        low, high = (middle, high) if miss < 0.5 * (1.0 - TIE) else (low, middle)
    return low


def _interpolated(misses: FloatArray, n: int, alpha: float, bound: LowerBound) -> FloatArray:
    """Return z at many counts by cubic Lagrange interpolation over -ndtri(misses / n).

    In that coordinate z is a slowly bending line, so that 1024 exact points are enough.
    """
    at = -special.ndtri(misses / n)
    step = (at[-1] - at[0]) / (_NODES - 1)
    nodes = at[0] + step * np.arange(-1, _NODES + 1)
    exact = _z(n * special.ndtr(-nodes), n, alpha, bound)
    cell = np.clip(((at - at[0]) / step).astype(np.int64), 0, _NODES - 2)
    t = (at - at[0]) / step - cell
    before, left, right, after = (exact[cell + i] for i in range(4))
    return np.asarray(
        -t * (t - 1.0) * (t - 2.0) / 6.0 * before
        + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * left
        - (t + 1.0) * t * (t - 2.0) / 2.0 * right
        + (t + 1.0) * t * (t - 1.0) / 6.0 * after
    )
