"""Noise gain ||T(x + eps) - T(x)|| / ||eps||: what T makes of the noise."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    gain: Floats = required(records.noise_gain_norm, "noise_gain_norm") / records.noise_norm
    return gain


METRIC = Metric(
    name="noise_gain",
    kinds=("geometry",),
    form="distribution",
    unit="ratio",
    family="geometry",
    stronger="lower",
    values=_values,
)
