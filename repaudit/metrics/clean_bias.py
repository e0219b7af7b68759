"""Clean bias ||T(x) - x|| / ||eps||: what T does to the clean example."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    bias: Floats = required(records.clean_bias_norm, "clean_bias_norm") / records.noise_norm
    return bias


METRIC = Metric(
    name="clean_bias",
    kinds=("geometry",),
    form="distribution",
    unit="ratio",
    family="geometry",
    stronger="lower",
    values=_values,
)
