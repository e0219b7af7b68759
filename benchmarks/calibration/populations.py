"""Populations of hit probabilities: how sure a classifier is of its examples under noise.

p is the chance that one noisy copy of an example gets its true label. The first four are
mixtures of margins z, p = Phi(z); the last four sit where the tests of an auditor are weakest.

    SC       80 % saturated, 12.5 % in between, 7.5 % wrong: keyword spotting
    ESC      50 / 20 / 30 %: environmental sounds
    ALL1     98.5 / 1 / .5 %: nearly every example at the ceiling
    HARD     z ~ N(1, 1.3): no example is sure
    BORD     every p just above 1/2, where certificates begin
    CEILB    about one miss in n draws each: the edge of the ceiling
    SPARSE   all certain, but one in two hundred just above 1/2
    EXACT1   all certain
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Probabilities = NDArray[np.float64]

NAMES = ("SC", "ESC", "ALL1", "HARD", "BORD", "CEILB", "SPARSE", "EXACT1")

_MIXTURES = {"SC": (0.8, 0.125), "ESC": (0.5, 0.2), "ALL1": (0.985, 0.01)}
"""Shares of saturated margins, N(7, 1), and of those in between, U(0, 4.5); the rest is wrong,
-Exp(1.3)."""


def draw(name: str, size: int, rng: np.random.Generator, n: int) -> Probabilities:
    """Return hit probabilities f64[size] of a population; ``n`` draws certify an example.

    Raises ``KeyError`` for a name that is none of ``NAMES``.

    >>> draw("EXACT1", 3, np.random.default_rng(0), 1000).tolist()
    [1.0, 1.0, 1.0]
    """
    if name in _MIXTURES:
        return np.asarray(ndtr(_margins(*_MIXTURES[name], size, rng)))
    if name == "HARD":
        return np.asarray(ndtr(rng.normal(1.0, 1.3, size)))
    borderline = rng.uniform(0.5, 0.56, size)
    return {
        "BORD": borderline,
        "CEILB": np.maximum(1.0 - rng.exponential(1.0, size) / n, 0.0),
        "SPARSE": np.where(rng.random(size) < 0.005, borderline, 1.0),
        "EXACT1": np.ones(size),
    }[name]


def _margins(
    sure: float, between: float, size: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return margins in units of sigma from the mixture of saturated, uncertain and wrong."""
    kind = rng.random(size)
    saturated, spread = rng.normal(7.0, 1.0, size), rng.uniform(0.0, 4.5, size)
    wrong = -rng.exponential(1.3, size)
    return np.where(kind < sure, saturated, np.where(kind < sure + between, spread, wrong))
