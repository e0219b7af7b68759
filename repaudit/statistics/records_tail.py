"""Upper bounds on tail probabilities that a simulation is too short to see.

References
    [Chernoff52] H. Chernoff, A measure of asymptotic efficiency for tests of a hypothesis,
    1952: P(T >= t) <= E exp(u (T - t)) for every u >= 0.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from repaudit._core import special
from repaudit.statistics.binomial import log_choose

FloatArray = NDArray[np.float64]
_FACTORS = np.array([0.15, 0.3, 0.5, 0.7, 0.85, 1.0])
"""Slopes tried, as multiples of the best one for a normal law; every slope gives a bound."""
_WINDOW = 20.0
"""Counts kept, in sds around the mean: beyond lies less than exp(-150)."""


class SumNull(Protocol):
    """Independent hypergeometric counts given their sums, with moments and side of each."""

    total: FloatArray
    n_a: int
    n_r: int
    mean: FloatArray
    sd: FloatArray
    sign: FloatArray


def tail_bounds(null: SumNull, z: FloatArray) -> FloatArray:
    """Return upper bounds on P(T1 >= t1), P(T1 <= t1), P(T2 >= t2), P(T2 <= t2), P(T3 >= t3).

    Chernoff bounds for the two sums, each on the side where the statistic lies (1 on the
    other), and the union bound over examples for the maximum. Shapes: ``z`` f64[m], the
    standardised deviations; returns f64[5].
    """
    t1, t2 = float(z @ null.sign), float(z @ z)
    worst = float(np.abs(z).max()) - 1e-9
    slope1 = _FACTORS * t1 / z.size
    # copied noise has t2 = 0: any steep negative slope will do
    slope2 = _FACTORS * ((1.0 - z.size / t2) / 2.0 if t2 > 0.0 else -9.0)
    log1, log2, single = -slope1 * t1, -slope2 * t2, 0.0
    _, firsts, counts = np.unique(null.total, return_index=True, return_counts=True)
    for first, times in zip(firsts.tolist(), counts.tolist(), strict=True):
        mass, deviation = _law(null, first)
        side = null.sign[first] * deviation
        log1 += times * special.logsumexp(slope1[:, None] * side + mass, axis=1)
        log2 += times * special.logsumexp(slope2[:, None] * deviation**2 + mass, axis=1)
        single += times * float(np.exp(mass[np.abs(deviation) >= worst]).sum())
    p1, p2 = (float(np.exp(min(log.min(), 0.0))) for log in (log1, log2))
    one_sided = (p1, 1.0) if t1 > 0.0 else (1.0, p1)
    dispersion = (p2, 1.0) if t2 > z.size else (1.0, p2)
    return np.array([*one_sided, *dispersion, min(single, 1.0)])


def _law(null: SumNull, example: int) -> tuple[FloatArray, FloatArray]:
    """Return log P(author's count) and the standardised count, over the counts kept."""
    s, mean, sd = null.total[example], null.mean[example], null.sd[example]
    lowest = max(0.0, s - null.n_r, np.ceil(mean - _WINDOW * sd))
    k = np.arange(lowest, min(s, float(null.n_a), np.floor(mean + _WINDOW * sd)) + 1.0)
    log = log_choose(null.n_a, k) + log_choose(null.n_r, s - k)
    return np.asarray(log - special.logsumexp(log)), np.asarray((k - mean) / sd)
