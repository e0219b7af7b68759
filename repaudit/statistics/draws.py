"""Compare a claimed mean or quantile over examples and draws with fresh draws.

For measurements that need no protocol (the geometry of a transform): author and auditor take
the same examples with independent noise, so author minus re-run has mean 0, and its variance
is that of the draws within an example, estimated from the re-run.

Units
    Those of the claim. ``values`` f64[examples, draws], at least two draws per example.

References
    [Bessel] unbiased within-example variance, divisor draws - 1.
"""

# ruff: noqa: PT028 - these functions test claims; pytest never sees them

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special
from repaudit.statistics.predictive import FloatArray
from repaudit.statistics.quantile import Interpolation, sample_quantile
from repaudit.statistics.quantile_sides import QuantileSides, Thresholds, centred_bounds
from repaudit.statistics.swap import test_mean
from repaudit.statistics.swap_result import SwapResult
from repaudit.statistics.variance import KAPPA

FLOOR_RELATIVE = 1e-3
"""Part of the measured value that is no evidence: other hardware, other FFT library."""
FLOOR_ABSOLUTE = 3e-7
"""The same for policies that change nothing but the last float32 digit."""


def test_draw_mean(
    lo: float,
    hi: float,
    values: ArrayLike,
    author_draws: int,
    *,
    floor_relative: float = FLOOR_RELATIVE,
    floor_absolute: float = FLOOR_ABSOLUTE,
    kappa: float = KAPPA,
) -> SwapResult:
    """Test a claimed mean over examples and draws, the claim being the interval [lo, hi].

    V = kappa * sum_i s_i^2 (1 / author_draws + 1 / draws) / examples^2, with s_i the sd of the
    draws of example i. A distance below the larger floor is no evidence.

    Raises ``ValueError`` for fewer than two draws, no examples, or a value that is not finite.

    >>> test_draw_mean(2.0, 2.0, [[1.9, 2.1], [1.8, 2.2]], 1).p_value
    1.0
    """
    each = _checked(values, author_draws)
    examples, draws = each.shape
    within = float(each.var(axis=1, ddof=1).sum())
    variance = kappa * within * (1.0 / author_draws + 1.0 / draws) / examples**2
    measured = float(each.mean())
    floor = max(floor_relative * abs(measured), floor_absolute)
    return test_mean(lo, hi, measured, variance, floor)


def test_draw_quantile(
    lo: float,
    hi: float,
    values: ArrayLike,
    author_draws: int,
    level: float = 0.5,
    interpolation: Interpolation | None = None,
    *,
    floor_relative: float = FLOOR_RELATIVE,
    floor_absolute: float = FLOOR_ABSOLUTE,
    kappa: float = KAPPA,
) -> SwapResult:
    """Test a claimed median or quantile over all examples and draws.

    Counts the values beyond the claim, in units of examples. The variance of a count is
    kappa * sum_i p_i (1 - p_i) (1 / author_draws + 1 / draws), p_i the chance that a draw of
    example i lies beyond. It is the larger of two estimates, since with few draws an example
    that straddles the claim often shows all of them on one side: the unbiased one from the
    draws, and the normal law with the example's mean and an sd of at least the pooled one.

    Raises ``ValueError`` as `test_draw_mean`.

    >>> test_draw_quantile(2.0, 2.0, [[1.0, 1.1], [1.9, 2.1], [3.0, 3.1]], 1).p_value
    1.0
    """
    each = _checked(values, author_draws)
    examples, draws = each.shape
    ordered = np.sort(each.ravel())
    measured = sample_quantile(ordered, level, interpolation or "midpoint")
    floor = max(floor_relative * abs(measured), floor_absolute)
    # ranks of the author's sample and of the re-run's differ by a draw: the one that asks less
    needed, allowed = zip(
        *(
            np.divide(centred_bounds(level, interpolation, examples * each_draws), each_draws)
            for each_draws in (author_draws, draws)
        ),
        strict=True,
    )
    sides = QuantileSides(
        values=ordered,
        weight=1.0 / draws,
        level=level,
        bounds=(float(min(needed)), float(max(allowed))),
        thresholds=_thresholds(each, author_draws, kappa),
    )
    result = sides.judge(lo - floor, hi + floor)
    return replace(
        result, honest_low=result.honest_low - floor, honest_high=result.honest_high + floor
    )


def _thresholds(each: FloatArray, author_draws: int, kappa: float) -> Thresholds:
    draws = each.shape[1]
    centre, sd = each.mean(axis=1), each.std(axis=1, ddof=1)
    # an sd from few draws may be far too small: never below the one pooled over examples
    sd = np.maximum(sd, np.sqrt(np.mean(sd**2)))
    spread = kappa * (1.0 / author_draws + 1.0 / draws)

    def variance(v: float, beyond: NDArray[np.bool_]) -> float:
        share = beyond.mean(axis=1)
        observed = share * (1.0 - share) * draws / (draws - 1.0)
        smooth = special.ndtr((v - centre) / np.where(sd > 0.0, sd, np.inf))
        likely = np.where(sd > 0.0, smooth * (1.0 - smooth), 0.0)
        return float(spread * max(float(observed.sum()), float(likely.sum())))

    reach = 8.0 * float(sd.max())
    return Thresholds(
        at_least=lambda v: variance(v, each >= v),
        above=lambda v: variance(v, each > v),
        ends=(float(each.min()) - reach, float(each.max()) + reach),
        steps=tuple({1.0, 1.0 / author_draws, 1.0 / draws}),
    )


def _checked(values: ArrayLike, author_draws: int) -> FloatArray:
    each = np.asarray(values, np.float64)
    if each.ndim != 2 or each.shape[0] < 1 or each.shape[1] < 2:
        raise ValueError(f"values: expected examples x at least 2 draws, got shape {each.shape}")
    if not np.all(np.isfinite(each)):
        raise ValueError("values: expected finite numbers")
    if author_draws < 1:
        raise ValueError(f"author_draws: expected at least 1, got {author_draws}")
    return each
