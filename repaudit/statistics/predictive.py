"""What a second honest run may give, when the first gave ``k`` hits in ``n`` draws.

The unknown hit probability p of an example has the Jeffreys prior, uniform in theta with
p = sin^2(theta). Tables live on a grid of theta; a quantity of interest is a function of p on
that grid, averaged over the posterior of the examples' counts.

Units
    ``k`` counts draws that gave the true label; radii are in units of sigma.

The class selected by the n0 draws is reduced to two classes: the true label wins a majority
of n0, ties broken evenly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special
from repaudit.statistics.binomial import checked_counts, log_choose
from repaudit.statistics.certificate import minimum_hits, z_lattice

FloatArray = NDArray[np.float64]
GRID = 1600
"""Points of the theta grid; its step stays below two posterior sds up to n = 10^6."""
_COLUMNS = 64
"""Grid points whose binomial tables are held at once: 25 MB at n = 100 000."""
_STRIDE = 5
"""Every fifth point is a theta grid of its own, and fine enough up to n = 1000."""
_ROWS = 2048
"""Examples whose posteriors are held at once when each has its own threshold."""

_THETA = (np.arange(GRID) + 0.5) * (np.pi / 2.0 / GRID)
GRID_P = np.sin(_THETA) ** 2
"""The hit probabilities of the grid, f64[GRID], increasing and symmetric about 1/2."""
_LOG_P = 2.0 * np.log(np.sin(_THETA))
_LOG_Q = _LOG_P[::-1]  # cos(theta) is the mirrored sine: no digits lost near p = 1
for _table in (_THETA, GRID_P, _LOG_P):
    _table.setflags(write=False)


@dataclass(frozen=True)
class Protocol:
    """How an example is certified: what author and auditor both run."""

    n0: int
    """Draws that select the class."""
    n: int
    """Fresh draws that certify it, 1 to 10^6 (the reach of the theta grid)."""
    alpha: float
    """One-sided error probability per example."""

    def __post_init__(self) -> None:
        """Refuse settings under which nothing here is defined."""
        checked_counts(0, self.n, self.alpha)
        if self.n0 < 1 or self.n > 1_000_000:
            raise ValueError(f"protocol: expected n0 >= 1 and n <= 10^6, got {self}")

    @cached_property
    def k_min(self) -> int:
        """Smallest certifying count; n + 1 when no count certifies."""
        k_min = minimum_hits(self.n, self.alpha)
        return self.n + 1 if k_min is None else k_min


@lru_cache(maxsize=16)
def selection(n0: int) -> FloatArray:
    """Return P(the n0 draws select the true label) on the grid."""
    majority = n0 // 2 + 1
    tie = np.zeros(GRID)
    if n0 % 2 == 0:
        tie = np.exp(log_choose(n0, n0 // 2) + n0 / 2 * (_LOG_P + _LOG_Q))
    return np.asarray(special.betainc(majority, n0 - majority + 1, GRID_P) + 0.5 * tie)


def chance_at_least(k: ArrayLike, n: int, p: FloatArray = GRID_P) -> FloatArray:
    """Return P(Bin(n, p) >= k) for k in 1..n + 1, on the whole grid unless p is given."""
    count = np.asarray(k, np.float64)
    tail = special.betainc(np.minimum(count, n), n - np.minimum(count, n) + 1.0, p)
    return np.asarray(np.where(count > n, 0.0, tail))


@lru_cache(maxsize=64)
def tail_on_grid(k: int, n: int) -> FloatArray:
    """Return `chance_at_least` for one count on the whole grid, read-only."""
    tail = chance_at_least(k, n)
    tail.setflags(write=False)
    return tail


@lru_cache(maxsize=8)
def lattice_moments(protocol: Protocol, in_decibel: bool) -> tuple[FloatArray, FloatArray]:
    """Return E[f(K); certified] and E[f(K)^2; certified] on the grid, K ~ Bin(n, p).

    f is R / sigma, or with ``in_decibel`` the SNR of a unit norm at unit sigma,
    -20 log10(R / sigma). Mirror the arrays for the hits of the other class.
    """
    k = np.arange(protocol.k_min, protocol.n + 1)
    radius = z_lattice(protocol.n, protocol.alpha)[protocol.k_min :]
    f = -20.0 * np.log10(radius) if in_decibel else radius
    choose = log_choose(protocol.n, k)[:, None]
    first, second = np.empty(GRID), np.empty(GRID)
    for start in range(0, GRID, _COLUMNS):
        part = slice(start, start + _COLUMNS)
        mass = np.exp(choose + k[:, None] * _LOG_P[part] + (protocol.n - k)[:, None] * _LOG_Q[part])
        first[part], second[part] = f @ mass, (f * f) @ mass
    return first, second


class Posterior:
    """The posterior of p for every example, on a window of the grid around its count."""

    def __init__(self, label_hits: ArrayLike, n: int) -> None:
        """Prepare the distinct counts of ``label_hits`` (int[examples], each in 0..n)."""
        counts, _ = checked_counts(label_hits, n, 0.5)
        self.n = n
        distinct, self._row = np.unique(counts.ravel(), return_inverse=True)
        # sd of theta: 1 / (2 sqrt n) inside, 1 / sqrt(2 n) at the ends; 8 of them leave 1e-14
        half = int(np.ceil(8.0 / np.sqrt(2.0 * n) / (np.pi / 2.0 / GRID))) + 1
        width = min(2 * half + 1 + 2 * _STRIDE, GRID) // _STRIDE * _STRIDE
        centre = np.arcsin(np.sqrt(distinct / n)) / (np.pi / 2.0) * GRID
        first = np.clip(centre.astype(np.int64) - half, 0, GRID - width)
        first -= first % _STRIDE
        self._index = first[:, None] + np.arange(width)
        log_weight = distinct[:, None] * _LOG_P[self._index]
        log_weight += (n - distinct)[:, None] * _LOG_Q[self._index]
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        self._weight = weight / weight.sum(axis=1, keepdims=True)

    def mean(self, on_grid: FloatArray) -> FloatArray:
        """Return the posterior mean of a function of p, f64[examples]."""
        distinct = np.einsum("kg,kg->k", self._weight, on_grid[self._index])
        return np.asarray(distinct[self._row])

    def mean_by_threshold(
        self,
        thresholds: NDArray[np.int64],
        function: Callable[[NDArray[np.int64], FloatArray], FloatArray],
        both_classes: bool,
    ) -> FloatArray:
        """Return the posterior mean where every example has its own threshold, f64[examples].

        ``function(index, tail)`` gets the grid index of every point and P(Bin(n, p) >= k) for p
        and, with ``both_classes``, for 1 - p, stacked: i64[rows, width], f64[1 or 2, rows, width].
        """
        points = slice(_STRIDE // 2, None, _STRIDE) if self.n <= 1000 else slice(None)
        grid, weights = self._index[:, points], self._weight[:, points]
        weights = weights / weights.sum(axis=1, keepdims=True)
        result = np.empty(thresholds.size)
        for start in range(0, thresholds.size, _ROWS):
            part = slice(start, start + _ROWS)
            index = grid[self._row[part]]
            k = thresholds[part, None]
            mirrors = (index, GRID - 1 - index) if both_classes else (index,)
            tail = np.stack([chance_at_least(k, self.n, GRID_P[at]) for at in mirrors])
            result[part] = np.einsum("kg,kg->k", weights[self._row[part]], function(index, tail))
        return result
