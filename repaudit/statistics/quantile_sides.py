"""Turn "the quantile is v" into counts of values beyond v, and judge it between honest runs.

Quantiles themselves are never compared: at a saturated ceiling they do not move at all, and
between two atoms they jump. "The quantile is at least lo" says how many values reach lo, and
counts of two honest runs are exchangeable.

Units
    Those of the values. Counts are in examples, centred: ``level`` for each value beyond the
    threshold and ``level - 1`` for each other one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from repaudit.statistics.predictive import FloatArray
from repaudit.statistics.quantile import Interpolation, quantile_ranks
from repaudit.statistics.skellam import weighted_tail
from repaudit.statistics.swap_result import HONEST_LEVEL, SwapResult

_SLACK = 1e-9
"""Relative distance within which a value equals an end of the claim: far above rounding,
far below a step of the certificate's lattice."""


@dataclass(frozen=True)
class Thresholds:
    """How the centred count of values beyond a threshold varies between two honest runs."""

    at_least: Callable[[float], float]
    """Variance at a threshold v for the values >= v."""
    above: Callable[[float], float]
    """The same for the values > v."""
    ends: tuple[float, ...]
    """Increasing: no value lies outside; +inf last when a value can be +inf."""
    steps: tuple[float, ...]
    """By how much one example can move the count."""
    is_size_random: bool = False
    """Whether the number of values differs between honest runs."""


@lru_cache(maxsize=64)
def centred_bounds(
    level: float, interpolation: Interpolation | None, size: int | None
) -> tuple[float, float]:
    """Return what the centred count of an honest author must reach, and must not exceed.

    The quantile is >= lo only if size - rank values reach lo, and <= hi only if at most
    size - 1 - rank exceed hi. Between two ranks (midpoint, linear, not said) both conditions
    take the rank that asks less. A ``size`` of None is unknown (random for the author): the
    least demanding of all sizes, which repeat with the denominator of the level.

    >>> centred_bounds(0.5, "lower", 4)  # three of four reach it, at most two exceed it
    (1.0, 0.0)
    """
    needed, allowed = [], []
    for members in range(1, 201) if size is None else (size,):
        below, above, _ = quantile_ranks(members, level)
        centre = (1.0 - level) * members
        needed.append(members - (below if interpolation == "lower" else above) - centre)
        allowed.append(members - 1 - (above if interpolation == "upper" else below) - centre)
    return min(needed), max(allowed)


@dataclass(frozen=True)
class QuantileSides:
    """The two one-sided tests of a quantile, and where each begins to reject."""

    values: FloatArray
    """Of the re-run, sorted."""
    weight: float
    """Examples per value: 1, or 1 / draws when each example gives several values."""
    level: float
    bounds: tuple[float, float]
    """What `centred_bounds` says of the author, in examples."""
    thresholds: Thresholds

    def judge(self, lo: float, hi: float) -> SwapResult:
        """Return the verdict on a claimed quantile in [lo, hi]."""
        p_value = min(1.0, 2.0 * min(self._p_at_least(lo), self._p_above(hi)))
        too_high, too_low = self.missing_at_least(lo) > 0.0, self.excess_above(hi) > 0.0
        at_lo, at_hi = self.thresholds.at_least(_down(lo)), self.thresholds.above(_up(hi))
        return SwapResult(
            p_value=p_value,
            direction=int(too_high) - int(too_low),
            variance=at_hi if too_low else at_lo if too_high else max(at_lo, at_hi),
            honest_low=self._honest_low(),
            honest_high=self._honest_high(),
        )

    def missing_at_least(self, v: float) -> float:
        """How much the values >= v of the re-run lack for a quantile of v or more."""
        count = self.values.size - np.searchsorted(self.values, _down(v), side="left")
        return self.bounds[0] - self._centred(int(count))

    def excess_above(self, v: float) -> float:
        """How much the values > v of the re-run exceed what a quantile of v or less allows."""
        count = self.values.size - np.searchsorted(self.values, _up(v), side="right")
        return self._centred(int(count)) - self.bounds[1]

    def _p_at_least(self, v: float) -> float:
        variance = self.thresholds.at_least(_down(v))
        return weighted_tail(self.missing_at_least(v), variance, self.thresholds.steps)

    def _p_above(self, v: float) -> float:
        variance = self.thresholds.above(_up(v))
        return weighted_tail(self.excess_above(v), variance, self.thresholds.steps)

    def _honest_high(self) -> float:
        """Largest v that "at least v" does not reject."""
        marks = np.unique(np.concatenate([self.values, self.thresholds.ends]))
        return last_accepted(marks, lambda v: self._p_at_least(v) >= HONEST_LEVEL / 2.0)

    def _honest_low(self) -> float:
        """Smallest v that "at most v" does not reject."""
        marks = np.unique(np.concatenate([self.values, self.thresholds.ends]))[::-1]
        return last_accepted(marks, lambda v: self._p_above(v) >= HONEST_LEVEL / 2.0)

    def _centred(self, count: int) -> float:
        return self.weight * (count - (1.0 - self.level) * self.values.size)


def last_accepted(marks: FloatArray, accepts: Callable[[float], bool]) -> float:
    """Return the end of the accepted part of a line, whose first mark is accepted.

    Bisects the marks, then the gap behind the last accepted one to 1/4096 of its length.
    """
    inside, outside = 0, marks.size
    while outside - inside > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if accepts(float(marks[middle])) else (inside, middle)
    last = float(marks[inside])
    if outside == marks.size or not np.all(np.isfinite(marks[[inside, outside]])):
        return last
    rejected = float(marks[outside])
    for _ in range(12):
        between = (last + rejected) / 2.0
        last, rejected = (between, rejected) if accepts(between) else (last, between)
    return last


def _down(v: float) -> float:
    return v - _SLACK * abs(v) if np.isfinite(v) else v


def _up(v: float) -> float:
    return v + _SLACK * abs(v) if np.isfinite(v) else v
