"""The law that bounds the difference of two exchangeable counts.

The difference of two honest counts is a sum of independent symmetric steps in -1..1; its
moment generating function is below that of a Skellam law with the same variance, since
log(1 + 2v(cosh t - 1)) <= 2v(cosh t - 1).

References
    [Skellam46] J. Skellam, The frequency distribution of the difference between two Poisson
    variates, 1946: P(D = d) = exp(-V) I_d(V) for the symmetric law of variance V.
"""

from collections.abc import Sequence

import numpy as np

from repaudit._core import special

NORMAL_ABOVE = 400.0
"""Variance above which the normal law with a correction of 1/2 replaces the Skellam law."""


def skellam_tail(distance: float, variance: float) -> float:
    """Return P(D >= distance) for the symmetric Skellam law; the distance is rounded up.

    Variance 0 is the point mass at 0. A distance within 1e-9 of an integer is that integer.

    >>> skellam_tail(1, 0.0), skellam_tail(0, 0.0)
    (0.0, 1.0)
    >>> round(2 * skellam_tail(1, 2.0) + 0.308508, 6)  # P(D = 0) = exp(-2) I_0(2)
    1.0
    """
    d = int(np.ceil(distance - 1e-9))
    if variance < 0.0 or np.isnan(variance):
        raise ValueError(f"variance: expected a number of at least 0, got {variance}")
    if variance == 0.0:
        return float(d <= 0)
    if variance > NORMAL_ABOVE:
        return float(special.ndtr(-(d - 0.5) / np.sqrt(variance)))
    if d <= 0:
        return 1.0 - skellam_tail(1 - d, variance)
    # terms fall at least geometrically beyond 10 sds; ive = exp(-V) I_d(V)
    terms = np.arange(d, d + int(10.0 * np.sqrt(variance)) + 60)
    return float(special.ive(terms, variance).sum())


def weighted_tail(distance: float, variance: float, steps: Sequence[float]) -> float:
    """Return the largest Skellam tail over the step sizes by which a weighted sum can move.

    A sum that moves only in steps of s is s times a count of variance V / s^2. Which step
    carries the variance is unknown, so the largest tail is taken.
    """
    return max(skellam_tail(distance / step, variance / step**2) for step in steps)


def largest_plausible(variance: float, level: float) -> int:
    """Return the largest distance d with 2 P(D >= d) >= level.

    >>> largest_plausible(0.0, 0.01)
    0
    >>> largest_plausible(2.0, 0.01)  # oracle: scipy.stats.skellam(1, 1): .01305, then .00165
    4
    """
    d = 0
    while 2.0 * skellam_tail(d + 1, variance) >= level:
        d += 1
    return d
