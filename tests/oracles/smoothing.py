"""Honest runs of a certification, simulated draw by draw, and populations of hit rates."""

from dataclasses import dataclass
from math import erf

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def normal_cdf(z: Array) -> Array:
    """Phi, from the standard library."""
    return np.array([0.5 * (1.0 + erf(value / 2**0.5)) for value in np.ravel(z)])


def population(name: str, size: int, rng: np.random.Generator) -> Array:
    """Margins z (p = Phi(z)): mostly saturated, half saturated, borderline, all certain."""
    if name == "EXACT1":
        return np.full(size, np.inf)
    if name == "HARD":
        return rng.normal(1.0, 1.3, size)
    sure, middle = {"SC": (0.8, 0.125), "ESC": (0.5, 0.2)}[name]
    kind = rng.random(size)
    certain, spread = rng.normal(7.0, 1.0, size), rng.uniform(0.0, 4.5, size)
    wrong = -rng.exponential(1.3, size)
    return np.where(kind < sure, certain, np.where(kind < sure + middle, spread, wrong))


@dataclass(frozen=True)
class Run:
    """What one run of the two-class protocol gives."""

    label_hits: NDArray[np.int64]
    right: NDArray[np.bool_]
    radius: Array  # in sigma; 0 abstains


def run(p: Array, n0: int, n: int, lattice: Array, rng: np.random.Generator) -> Run:
    """Select on n0 draws, certify on n fresh ones; ``lattice`` maps hits to radius."""
    votes, hits = rng.binomial(n0, p), rng.binomial(n, p)
    right = (2 * votes > n0) | ((2 * votes == n0) & (rng.random(p.size) < 0.5))
    return Run(hits, right, lattice[np.where(right, hits, n - hits)])
