"""What the test of one claim could detect, from records that stand for a re-run.

The records are an author's own counts, or those of an assumed population; how many examples a
run really has is given beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import CannotEstimate, Metric
from repaudit.metrics.certificates import members
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import member_values, metric_of, scale_of
from repaudit.metrics.reduce import interpolation_of, level_of
from repaudit.metrics.runs import Runs
from repaudit.statistics.power import (
    POWER,
    Variances,
    detected_distance,
    detected_mean,
    detected_quantile,
    likely_distance,
    rejected_distance,
    rejected_mean,
)
from repaudit.statistics.quantile import sample_quantile
from repaudit.statistics.quantile_sides import QuantileSides, Thresholds, centred_bounds
from repaudit.statistics.swap_result import HONEST_LEVEL, HONEST_SDS
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.means import variance_of_mean
from repaudit.verdicts.quantiles import thresholds_of
from repaudit.verdicts.question import NoTest, Question
from repaudit.verdicts.shares import variance_of_share


@dataclass(frozen=True)
class Stand:
    """Records that stand for one run, or for several pooled."""

    part: CertificationRecords
    size: int
    """examples of the run itself"""
    blocks: tuple[CertificationRecords, ...] = ()
    """runs of that size as they may turn out; none where ``part`` is the run itself, or large"""
    honest: tuple[CertificationRecords, ...] = ()
    """honest runs of the rows of an assumed population; none of released counts"""

    @property
    def scale(self) -> float:
        """Examples of the run per record."""
        return self.size / len(self.part)


@dataclass(frozen=True)
class Reach:
    """What a test could detect, in the claim's unit."""

    expected: float
    detected: float | None
    """None when not even the strongest number is told from an honest one"""
    at_best: float
    """half-width of honest values at 99 %"""
    likely: float
    """distance that holds declared and every honest value in nine honest reports of ten"""


def untestable(claim: Claim) -> str | None:
    """Return why no test of a re-run answers a claim of a certification; None when one does."""
    if claim.metric.startswith("x-"):
        return "an extension is carried, never checked"
    metric = metric_of(claim)
    if metric.family == "geometry" or "certification" not in metric.kinds:
        return f"{metric.name} is no number of a certification"
    if metric.name == "clean_accuracy" and claim.classifier == "base":
        return "without randomness: every difference beyond near ties is seen"
    if metric.form == "distribution" and claim.statistic in ("std", "min", "max"):
        return f"no test for this statistic ({claim.statistic})"
    if claim.across not in (None, "mean", "pooled"):
        return f"no test for the {claim.across} over runs"
    return None


def reach_of(claim: Claim, context: Context, stands: Sequence[Stand], level: float) -> Reach:
    """Return what the test of a claim at a two-sided ``level`` could detect.

    Raises ``NoTest``, ``CannotEstimate`` or ``UnstatedError`` where nothing can be said.
    """
    metric = metric_of(claim)
    if metric.form == "share":
        return _share(claim, metric, context, stands, level)
    if claim.statistic == "mean":
        return _mean(claim, metric, context, stands, level)
    return _quantile(claim, metric, context, stands, level)


def _share(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    def variance(part: CertificationRecords) -> float:
        return variance_of_share(part, claim, context, KAPPA)

    factor, total = scale_of(claim, metric), sum(one.size for one in stands)
    expected = float(np.mean([np.mean(metric.values(s.part, claim, context)) for s in stands]))
    honest = _honest_share(claim, metric, context, stands[0], variance)
    tested = [_by_block(one, variance, one.scale, 1.0) for one in stands]
    if len({one.size for one in stands}) > 1:  # folds of unequal size: a mean of shares
        weights = [1.0 / (one.size * len(stands)) ** 2 for one in stands]
        variances = _summed([w * v for w, v in zip(weights, tested, strict=True)], honest)
        return _scaled(factor, expected, metric, _of_mean(variances, level))
    variances = _summed(tested, honest)
    at_best = rejected_distance(variances.mean, HONEST_LEVEL) - 1.0
    likely = at_best + likely_distance(variances.mean_honest, power=_ONE_SIDE)
    detected = detected_distance(variances, level)
    return _scaled(factor, expected, metric, (detected / total, at_best / total, likely / total))


Variance = Callable[[CertificationRecords], float]


def _by_block(one: Stand, variance: Variance, of_part: float, of_block: float) -> Floats:
    """Return what the test takes for its variance, in every run that may turn out."""
    if not one.blocks:
        return np.array([variance(one.part) * of_part])
    return np.array([variance(block) for block in one.blocks]) * of_block


def _summed(tested: Sequence[Floats], honest: float) -> Variances:
    """Return the variances of a sum over runs; blocks of further runs are shifted."""
    shifted = [np.roll(v, run) for run, v in enumerate(tested)]
    least = min(v.size for v in shifted)
    total = np.sum([v[:least] for v in shifted], axis=0)
    return Variances(tuple(total.tolist()), tuple((honest * total).tolist()))


def _honest_share(
    claim: Claim, metric: Metric, context: Context, one: Stand, variance: Variance
) -> float:
    """Return which part of the variance that is tested with two honest runs really have.

    It is half (1 / kappa) where the population is smooth, and far less at the ceiling, where a
    saturated count may stand for less than certainty and hardly ever does.
    """
    if not one.honest or (tested := variance(one.part)) <= 0.0:
        return 1.0 / KAPPA
    centred = [_centred(claim, metric, context, run) for run in one.honest]
    pairs = zip(centred[::2], centred[1::2], strict=True)
    seen = float(np.mean([np.sum((first - second) ** 2) for first, second in pairs]))
    return min(seen / tested, 1.0)


def _centred(claim: Claim, metric: Metric, context: Context, run: CertificationRecords) -> Floats:
    """Return what every row adds to the claim's number, on the scale of its variance."""
    values = metric.values(run, claim, context)
    if metric.form == "share":
        return values
    inside = members(run, claim, context)
    mean = float(np.mean(values[inside]))
    return np.where(inside, np.where(inside, values, 0.0) - mean, 0.0) / np.sum(inside)


def _scaled(
    factor: float, expected: float, metric: Metric, distances: tuple[float, float, float]
) -> Reach:
    """Return the reach of a share; nobody can claim more than all examples, or fewer than none."""
    detected, at_best, likely = distances
    room = 1.0 - expected if metric.stronger == "higher" else expected
    is_possible = detected <= room + 1e-9
    return Reach(
        factor * expected,
        factor * detected if is_possible else None,
        factor * at_best,
        factor * likely,
    )


def _of_mean(variances: Variances, level: float) -> tuple[float, float, float]:
    at_best = float(rejected_mean(np.array(variances.mean), HONEST_LEVEL))
    typical = _ONE_SIDE_Z * float(np.sqrt(variances.mean_honest))
    return detected_mean(variances, level), at_best, at_best + typical


def _mean(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    def variance(part: CertificationRecords) -> float:
        return variance_of_mean(part, _question(claim, metric, context, part), KAPPA)

    parts = [member_values(one.part, claim, context, metric) for one in stands]
    if any(part.size == 0 or not np.all(np.isfinite(part)) for part in parts):
        raise NoTest("the mean is expected to be undefined")
    expected = float(np.mean([np.mean(part) for part in parts]))
    honest = _honest_share(claim, metric, context, stands[0], variance)
    tested = [_by_block(one, variance, 1.0 / one.scale, 1.0) for one in stands]
    variances = _summed([v / len(stands) ** 2 for v in tested], honest)
    return Reach(expected, *_of_mean(variances, level))


def _quantile(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    if len(stands) > 1:
        raise NoTest("no test for the mean of medians over runs")
    (one,) = stands
    values = np.sort(member_values(one.part, claim, context, metric))
    if values.size == 0 or np.any(np.isnan(values)):
        raise NoTest("the expected population is empty or has undefined values")
    question = _question(claim, metric, context, one.part)
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
    # an author's own quantile lies about as far off, in the same direction, as an honest value
    likely = at_best * (1.0 + _LIKELY)
    return Reach(expected, abs(detected - expected), at_best, likely)


_ONE_SIDE = (1.0 + POWER) / 2.0
"""Nine honest authors in ten are off by less to either side: five in a hundred beyond each."""
_ONE_SIDE_Z = 1.6448536269514722
"""Phi^-1 of it."""
_LIKELY = _ONE_SIDE_Z / KAPPA**0.5 / HONEST_SDS
"""By how much nine honest authors in ten differ at most, in half-widths of honest values."""


def _at_scale(thresholds: Thresholds, scale: float) -> Thresholds:
    return Thresholds(
        at_least=lambda v: scale * thresholds.at_least(v),
        above=lambda v: scale * thresholds.above(v),
        ends=thresholds.ends,
        steps=thresholds.steps,
        is_size_random=thresholds.is_size_random,
    )


def _question(
    claim: Claim, metric: Metric, context: Context, part: CertificationRecords
) -> Question:
    return Question(claim, metric, context, Runs((part,), None), 0.0, 0.0)
