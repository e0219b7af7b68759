"""Shares of the examples."""

from collections.abc import Sequence

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import scale_of
from repaudit.statistics.power import detected_distance, likely_distance, rejected_distance
from repaudit.statistics.swap_result import HONEST_LEVEL
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.power.mean import distances_of_mean
from repaudit.verdicts.power.stand import ONE_SIDE, Reach, Stand
from repaudit.verdicts.power.variances import by_block, honest_share, summed
from repaudit.verdicts.shares import variance_of_share


def reach_of_share(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    """Return what the test of a share could detect; ``NoTest`` without a test."""

    def variance(part: CertificationRecords) -> float:
        return variance_of_share(part, claim, context, KAPPA)

    factor, total = scale_of(claim, metric), sum(one.size for one in stands)
    expected = float(np.mean([np.mean(metric.values(s.part, claim, context)) for s in stands]))
    honest = honest_share(claim, metric, context, stands[0], variance)
    tested = [by_block(one, variance, one.scale, 1.0) for one in stands]
    if len({one.size for one in stands}) > 1:  # folds of unequal size: a mean of shares
        weights = [1.0 / (one.size * len(stands)) ** 2 for one in stands]
        variances = summed([w * v for w, v in zip(weights, tested, strict=True)], honest)
        return _scaled(factor, expected, metric, distances_of_mean(variances, level))
    variances = summed(tested, honest)
    at_best = rejected_distance(variances.mean, HONEST_LEVEL) - 1.0
    likely = at_best + likely_distance(variances.mean_honest, power=ONE_SIDE)
    detected = detected_distance(variances, level)
    return _scaled(factor, expected, metric, (detected / total, at_best / total, likely / total))


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
