"""Norm ratio ||Delta|| / ||eps||, Delta = T(x + eps) - x; 1 means that T keeps the noise's size."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    return records.delta_norm / records.noise_norm


METRIC = Metric(
    name="norm_ratio",
    kinds=("geometry",),
    form="distribution",
    unit="ratio",
    family="geometry",
    stronger="nearer_1",
    values=_values,
)
