"""Assumed populations of hit probabilities, for what is asked before anything was run.

How sure a classifier is of an example under noise is its margin z in units of sigma: one noisy
copy gets the true label with probability p = Phi(z). A population is a law of z, and stands here
as its quantiles at evenly spaced levels, so that nothing is drawn at random.

    SC      80 % saturated, 12.5 % in between, 7.5 % wrong: a keyword spotter
    ESC     50 / 20 / 30 %: a classifier of environmental sounds
    HARD    z ~ N(1, 1.3): no example is sure
"""

from functools import lru_cache

import numpy as np

from repaudit._core import special
from repaudit.statistics.predictive import FloatArray

NAMES = ("SC", "ESC", "HARD")
MIXTURES = {"SC": (0.8, 0.125), "ESC": (0.5, 0.2)}
"""Shares of saturated margins and of those in between; the rest is wrong."""
SATURATED = (7.0, 1.0)
"""Mean and sd of a saturated margin."""
BETWEEN = 4.5
"""A margin in between is uniform from 0 to here."""
WRONG = 1.3
"""A wrong margin is minus an exponential of this mean."""
HARD = (1.0, 1.3)
"""Mean and sd."""


@lru_cache(maxsize=8)
def quantiles_of(name: str, size: int) -> FloatArray:
    """Return hit probabilities f64[size] that stand for a population, read-only.

    Every margin of the law lies within one of ``size`` steps of equal probability. Raises
    ``KeyError`` for a name that is none of ``NAMES``.

    >>> [round(float(p), 3) for p in quantiles_of("HARD", 1)]  # Phi(1), the median
    [0.841]
    """
    z = _normal(*HARD, size) if name == "HARD" else _mixture(*MIXTURES[name], size)
    p = np.asarray(special.ndtr(z))
    p.setflags(write=False)
    return p


def _mixture(sure: float, between: float, size: int) -> FloatArray:
    saturated, spread = round(sure * size), round(between * size)
    levels = _levels(size - saturated - spread)
    return np.concatenate(
        [_normal(*SATURATED, saturated), BETWEEN * _levels(spread), WRONG * np.log(levels)]
    )


def _normal(mean: float, sd: float, size: int) -> FloatArray:
    return np.asarray(mean + sd * special.ndtri(_levels(size)))


def _levels(size: int) -> FloatArray:
    return (np.arange(size) + 0.5) / max(size, 1)
