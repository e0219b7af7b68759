"""Medians and quantiles of certified radii and SNR."""

from collections.abc import Sequence

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.metrics.base import CannotEstimate, Metric
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import member_values
from repaudit.metrics.reduce import interpolation_of, level_of
from repaudit.statistics.power import detected_quantile
from repaudit.statistics.quantile import sample_quantile
from repaudit.statistics.quantile_sides import QuantileSides, Thresholds, centred_bounds
from repaudit.statistics.swap_result import HONEST_SDS
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.power.stand import ONE_SIDE_Z, Reach, Stand, question_of
from repaudit.verdicts.quantiles import thresholds_of
from repaudit.verdicts.question import NoTest

_LIKELY = ONE_SIDE_Z / KAPPA**0.5 / HONEST_SDS
"""By how much nine honest authors in ten differ at most, in half-widths of honest values."""


def reach_of_quantile(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    """Return what the test of a median or quantile could detect.

    Raises ``NoTest`` for several runs or an empty population, and ``CannotEstimate`` where it falls
    on an example without a certificate.
    """
    if len(stands) > 1:
        raise NoTest("no test for the mean of medians over runs")
    (one,) = stands
    values = np.sort(member_values(one.part, claim, context, metric))
    if values.size == 0 or np.any(np.isnan(values)):
        raise NoTest("the expected population is empty or has undefined values")
    question = question_of(claim, metric, context, one.part)
    thresholds = thresholds_of(one.part, question, values, KAPPA)
    share, how = level_of(claim), interpolation_of(claim)
    expected = sample_quantile(values, share, how or metric.quantile)
    if not np.isfinite(expected):
        raise CannotEstimate("it is expected to fall on an example without a certificate")
    size = None if thresholds.is_size_random else one.size
    bounds = centred_bounds(share, how, size)
    sides = QuantileSides(values, one.scale, share, bounds, _at_scale(thresholds, one.scale))
    upward = metric.stronger == "higher"
    honest = sides.judge(expected, expected)
    at_best = max(honest.honest_high - expected, expected - honest.honest_low)
    assumed = bool(one.honest)
    detected = detected_quantile(sides, expected, level, is_upward=upward, is_assumed=assumed)
    at_best, distance = _beyond_rounding(expected, at_best, abs(detected - expected))
    return Reach(expected, distance, at_best, at_best * (1.0 + _LIKELY))


def _beyond_rounding(expected: float, *distances: float) -> list[float]:
    """Return distances, those as 0 that are within what float64 and its slack do to a quantile."""
    return [d if d > 1e-6 * abs(expected) else 0.0 for d in distances]


def _at_scale(thresholds: Thresholds, scale: float) -> Thresholds:
    return Thresholds(
        at_least=lambda v: scale * thresholds.at_least(v),
        above=lambda v: scale * thresholds.above(v),
        ends=thresholds.ends,
        steps=thresholds.steps,
        is_size_random=thresholds.is_size_random,
    )
