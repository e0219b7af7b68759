"""What the test of a claim takes for its variance, and what two honest runs really have."""

from collections.abc import Callable, Sequence

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import members
from repaudit.metrics.context import Context
from repaudit.statistics.power import Variances
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.power.stand import Stand

Variance = Callable[[CertificationRecords], float]


def by_block(one: Stand, variance: Variance, of_part: float, of_block: float) -> Floats:
    """Return what the test takes for its variance, in every run that may turn out."""
    if not one.blocks:
        return np.array([variance(one.part) * of_part])
    return np.array([variance(block) for block in one.blocks]) * of_block


def summed(tested: Sequence[Floats], honest: float) -> Variances:
    """Return the variances of a sum over runs; blocks of further runs are shifted."""
    shifted = [np.roll(v, run) for run, v in enumerate(tested)]
    least = min(v.size for v in shifted)
    total = np.sum([v[:least] for v in shifted], axis=0)
    return Variances(tuple(total.tolist()), tuple((honest * total).tolist()))


def honest_share(
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
