"""What the test of one claim could detect, from records that stand for a re-run.

The records are an author's own counts, or those of an assumed population; how many examples a
run really has is given beside them.
"""

from collections.abc import Sequence

from repaudit.contract.claim import Claim
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import metric_of
from repaudit.verdicts.power.mean import reach_of_mean
from repaudit.verdicts.power.quantile import reach_of_quantile
from repaudit.verdicts.power.share import reach_of_share
from repaudit.verdicts.power.stand import Reach, Stand

__all__ = ["Reach", "Stand", "reach_of", "untestable"]


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
        return reach_of_share(claim, metric, context, stands, level)
    if claim.statistic == "mean":
        return reach_of_mean(claim, metric, context, stands, level)
    return reach_of_quantile(claim, metric, context, stands, level)
