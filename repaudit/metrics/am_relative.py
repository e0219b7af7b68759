"""Relative AM: sum |S - U0| / sum |S|, over maps and frequencies before dividing."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import AliasingRecords, Floats
from repaudit.metrics.alias_sums import of_layer, sums
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: AliasingRecords, claim: Claim, _: Context) -> Floats:
    layer = of_layer(records, claim)
    return sums(layer.abs_difference, layer.abs_strided)


METRIC = Metric(
    name="am_relative",
    kinds=("aliasing",),
    form="ratio",
    unit="ratio",
    family="aliasing",
    stronger="lower",
    values=_values,
)
