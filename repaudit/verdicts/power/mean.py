"""Means of certified radii and SNR."""

from collections.abc import Sequence

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import member_values
from repaudit.statistics.power import Variances, detected_mean, rejected_mean
from repaudit.statistics.swap_result import HONEST_LEVEL
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.means import variance_of_mean
from repaudit.verdicts.power.stand import ONE_SIDE_Z, Reach, Stand, question_of
from repaudit.verdicts.power.variances import by_block, honest_share, summed
from repaudit.verdicts.question import NoTest


def reach_of_mean(
    claim: Claim, metric: Metric, context: Context, stands: Sequence[Stand], level: float
) -> Reach:
    """Return what the test of a mean could detect; ``NoTest`` where it is undefined."""

    def variance(part: CertificationRecords) -> float:
        return variance_of_mean(part, question_of(claim, metric, context, part), KAPPA)

    parts = [member_values(one.part, claim, context, metric) for one in stands]
    if any(part.size == 0 or not np.all(np.isfinite(part)) for part in parts):
        raise NoTest("the mean is expected to be undefined")
    expected = float(np.mean([np.mean(part) for part in parts]))
    honest = honest_share(claim, metric, context, stands[0], variance)
    tested = [by_block(one, variance, 1.0 / one.scale, 1.0) for one in stands]
    variances = summed([v / len(stands) ** 2 for v in tested], honest)
    return Reach(expected, *distances_of_mean(variances, level))


def distances_of_mean(variances: Variances, level: float) -> tuple[float, float, float]:
    """Return the smallest overstatement detected and the two margins of `Reach`."""
    at_best = float(rejected_mean(np.array(variances.mean), HONEST_LEVEL))
    typical = ONE_SIDE_Z * float(np.sqrt(variances.mean_honest))
    return detected_mean(variances, level), at_best, at_best + typical
