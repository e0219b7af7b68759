"""What an audit could detect: known beforehand from how much two honest runs differ.

A claim is overstated by d. Author minus re-run is then d plus the honest difference, whose law
is symmetric with variance V; the test takes kappa V for its variance (`statistics.variance`).

Units
    Distances between counts are in examples; between means in the unit of the mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from repaudit._core import special
from repaudit.statistics.curtailment import Curtailment
from repaudit.statistics.predictive import FloatArray
from repaudit.statistics.quantile_sides import QuantileSides, last_accepted
from repaudit.statistics.skellam import weighted_tail
from repaudit.statistics.variance import KAPPA

POWER = 0.9
"""Chance of detection that is asked for."""
LEVEL = 0.01
"""Of the family of tests of a file."""


@dataclass(frozen=True)
class Variances:
    """Of author minus re-run, in equally likely re-runs of one kind."""

    tested: tuple[float, ...]
    """what the test takes, which a re-run estimates"""
    honest: tuple[float, ...]
    """what two honest runs have; one for each of ``tested``"""

    @classmethod
    def of(cls, tested: float, share: float = 1.0 / KAPPA) -> "Variances":
        """Return those of one re-run; ``share`` of the tested variance is the honest one."""
        return cls((tested,), (share * tested,))

    @property
    def mean(self) -> float:
        """Mean of the tested variances."""
        return float(np.mean(self.tested))

    @property
    def mean_honest(self) -> float:
        """Mean of the honest variances."""
        return float(np.mean(self.honest))


def detected_distance(
    variances: Variances, level: float, steps: tuple[float, ...] = (1.0,), power: float = POWER
) -> float:
    """Return the smallest overstatement between counts that is detected with ``power``.

    ``level``  two-sided, of this one test: that of the family divided by its tests
    ``steps``  by how much one example can move the count; the answer is a multiple of the least

    >>> detected_distance(Variances.of(0.0), 0.01)  # nothing varies: one example is seen
    1.0
    """
    step = min(steps)
    rejected = [rejected_distance(_rounded(v), level, steps) for v in variances.tested]
    honest, distance = [_rounded(v) for v in variances.honest], min(rejected)

    def chance(beyond: float, variance: float) -> float:
        if beyond < 0.0:
            return weighted_tail(-beyond, variance, steps)
        return 1.0 - weighted_tail(beyond + step, variance, steps)

    while np.mean([chance(distance - c, v) for c, v in zip(rejected, honest, strict=True)]) < power:
        distance += step
    return distance


def _rounded(variance: float) -> float:
    """Return a variance to three digits: re-runs that differ by less share their tables."""
    return float(f"{variance:.2e}")


@lru_cache(maxsize=4096)
def rejected_distance(variance: float, level: float, steps: tuple[float, ...] = (1.0,)) -> float:
    """Return the smallest distance between counts that a two-sided test rejects.

    >>> rejected_distance(2.0, 0.01)  # scipy.stats.skellam(1, 1): 2 P(D >= 5) = .0033
    5.0
    """
    step, distance = min(steps), min(steps)
    while 2.0 * weighted_tail(distance, variance, steps) >= level:
        distance += step
    return distance


def likely_distance(
    variance: float, steps: tuple[float, ...] = (1.0,), power: float = POWER
) -> float:
    """Return the smallest x with P(D >= -x) >= power, for the honest difference D.

    >>> likely_distance(0.0)
    0.0
    """
    step, distance = min(steps), 0.0
    while weighted_tail(distance + step, variance, steps) > 1.0 - power:
        distance += step
    return distance


def detected_mean(variances: Variances, level: float, power: float = POWER) -> float:
    """Return the smallest overstatement of a mean that is detected with ``power``.

    >>> round(detected_mean(Variances.of(1.0, share=0.0), 0.01), 3)  # Phi^-1(.995)
    2.576
    """
    rejected = rejected_mean(np.array(variances.tested), level)
    spread = np.sqrt(np.array(variances.honest))
    low, high = 0.0, float(rejected.max() + 9.0 * spread.max())
    for _ in range(60):
        middle = (low + high) / 2.0
        beyond = middle - rejected
        exact = np.where(beyond >= 0.0, np.inf, -np.inf)
        z = np.divide(beyond, spread, out=exact, where=spread > 0.0)
        is_enough = float(np.mean(special.ndtr(z))) >= power
        low, high = (low, middle) if is_enough else (middle, high)
    return high


def rejected_mean(variance: FloatArray, level: float) -> FloatArray:
    """Return the smallest distance between means that a two-sided test rejects."""
    return np.asarray(-special.ndtri(level / 2.0) * np.sqrt(variance))


def detected_quantile(
    sides: QuantileSides,
    expected: float,
    level: float,
    *,
    is_upward: bool,
    is_assumed: bool,
    power: float = POWER,
) -> float:
    """Return the weakest claim of a quantile beyond which every one is detected.

    ``sides``       values, bounds and variances of a typical re-run
    ``expected``    its quantile; claims are overstated upwards from it, or downwards
    ``is_assumed``  whether the examples themselves are drawn from a population: then it varies
                    how many of them lie between the quantile and the claim
    Where a claim can only be overstated beyond every possible value, the last possible one.
    """
    marks = np.unique(np.concatenate([sides.values, sides.thresholds.ends, [expected]]))
    marks = marks[marks >= expected] if is_upward else marks[marks <= expected][::-1]
    steps = sides.thresholds.steps

    def is_missed(v: float) -> bool:
        beyond = sides.missing_at_least(v) if is_upward else sides.excess_above(v)
        variance = sides.thresholds.at_least(v) if is_upward else sides.thresholds.above(v)
        between = max(beyond, 0.0) if is_assumed else 0.0
        both = Variances((variance,), (variance / KAPPA + between,))
        return beyond < detected_distance(both, level, steps, power)

    return last_accepted(marks, is_missed)


def mean_draws(rules: Sequence[Curtailment], p: FloatArray, n0: int, seed: int = 0) -> float:
    """Return the mean draws of examples whose draws stop once every rule has decided.

    ``p`` f64[examples] are their hit probabilities. Failures between looks are simulated, once
    per example; the n0 draws are needed where a rule has not decided after all n.

    >>> from repaudit.statistics.curtailment import curtailment
    >>> mean_draws([curtailment(100, 1000, 1000)], np.zeros(9), 100)  # all fail at once
    16.0
    """
    looks = np.array(rules[0].looks)
    steps = np.diff(looks, prepend=0)
    rng = np.random.default_rng(seed)
    failures = np.cumsum(rng.binomial(steps, (1.0 - p)[:, None]), axis=1)
    decided = np.ones(failures.shape, np.bool_)
    for rule in rules:
        is_sure = (failures <= np.array(rule.accept)) | (failures >= np.array(rule.reject))
        decided &= np.logical_or.accumulate(is_sure, axis=1)
    is_open = ~decided[:, -1]
    draws = np.where(is_open, looks[-1] + n0, looks[decided.argmax(axis=1)])
    return float(np.mean(draws))
