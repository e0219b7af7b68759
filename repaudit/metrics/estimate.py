"""One claim's number from counts per example: recomputed from released ones, measured from ours."""

from dataclasses import replace
from typing import Literal

from repaudit.audit.comparison import Estimate
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.columns import kind_of
from repaudit.evidence.tables import CertificationRecords, Floats, RadiusRecords, Records
from repaudit.metrics.base import CannotEstimate, Metric, Undefined
from repaudit.metrics.certificates import log_members, members
from repaudit.metrics.context import Context
from repaudit.metrics.reduce import Readings, reduce_rows
from repaudit.metrics.registry import metrics
from repaudit.metrics.runs import Runs, combined, runs_for

Origin = Literal["released", "re-run"]


def metric_of(claim: Claim) -> Metric:
    """Return the metric of a claim; ``CannotEstimate`` when this version does not have it."""
    metric = metrics().get(claim.metric)
    if metric is None:
        raise CannotEstimate("no measurement of this version")
    return metric


def estimate(
    claim: Claim, context: Context, records: Records, origin: Origin = "released"
) -> Estimate:
    """Return the claim's number in the claim's unit, as these records give it.

    The interval holds every reading of what the claim does not say (the interpolation of a
    median, the divisor of a standard deviation) and what printed radii may be; of counts it is
    else the number itself. ``value`` is
    None, with the reason in ``method``, where the number does not exist.

    Raises ``CannotEstimate`` or ``UnstatedError`` when the records or the claim do not allow it.
    """
    try:
        found = readings(claim, context, records)
    except Undefined as reason:
        method = f"undefined: {reason}"
        return Estimate(value=None, low=None, high=None, draws=len(records), method=method)
    kind = "as printed" if found.ends else "exact"
    return Estimate(
        value=found.values[0],
        low=min(low for low, _ in found.intervals),
        high=max(high for _, high in found.intervals),
        draws=found.rows,
        method=f"{found.how}; {kind}, from {found.rows} {origin} records",
    )


def readings(claim: Claim, context: Context, records: Records) -> Readings:
    """Return the claim's number, in its unit, under every reading of its definition.

    Raises ``Undefined`` besides what `estimate` raises.
    """
    metric = metric_of(claim)
    if kind_of(records) not in metric.kinds or kind_of(records) != context.kind:
        raise CannotEstimate(f"{metric.name} is no number of {kind_of(records)} records")
    runs = runs_for(claim, context, records)
    if not isinstance(records, RadiusRecords):
        parts = [member_values(part, claim, context, metric) for part in runs.parts]
        return _combined(parts, claim, metric, runs)
    sides = [_log_values(part, claim, context, metric) for part in runs.parts]
    low, printed, high = (
        _combined([side[i] for side in sides], claim, metric, runs) for i in range(3)
    )
    return replace(printed, ends=tuple(zip(low.values, high.values, strict=True)))


def _combined(parts: list[Floats], claim: Claim, metric: Metric, runs: Runs) -> Readings:
    """Return one number from those of the members, run by run."""
    factor = scale_of(claim, metric)
    found = [reduce_rows(part, claim, metric) for part in parts]
    values = tuple(factor * combined(row, runs.across) for row in _by_reading(found))
    how = found[0].how if runs.across is None else f"{runs.across} over runs of the {found[0].how}"
    return Readings(values, sum(f.rows for f in found), how)


def _log_values(part: Records, claim: Claim, context: Context, metric: Metric) -> Floats:
    """Return the numbers of a log's members at the ends of its digits: f64[3, members]."""
    assert isinstance(part, RadiusRecords)  # all parts are of one table
    if metric.of_radii is None:
        raise CannotEstimate(f"a log of radii has no {metric.name}")
    if claim.statistic == "std":
        # the only statistic that does not grow with every radius
        raise CannotEstimate("a standard deviation is not bounded by printed radii")
    values = metric.of_radii(part, claim, context)
    return values[:, log_members(part, claim)] if metric.form == "distribution" else values


def _by_reading(found: list[Readings]) -> list[list[float]]:
    """Return the numbers of all runs under each reading; one reading holds for every run.

    Where a reading does not exist in one run, that run lends its first.
    """
    size = max(len(one.values) for one in found)
    return [
        [one.values[i] if i < len(one.values) else one.values[0] for one in found]
        for i in range(size)
    ]


def member_values(part: Records, claim: Claim, context: Context, metric: Metric) -> Floats:
    """Return the metric's numbers of the members of the claim's population."""
    values = metric.values(part, claim, context)
    if metric.form == "distribution" and isinstance(part, CertificationRecords):
        values = values[members(part, claim, context)]
    return values


def scale_of(claim: Claim, metric: Metric) -> float:
    """Return the factor from the metric's own unit to the claim's: 100 for percent."""
    if metric.unit != "share":
        return 1.0
    if claim.unit not in ("percent", "fraction"):
        raise UnstatedError("unit")
    return 100.0 if claim.unit == "percent" else 1.0
