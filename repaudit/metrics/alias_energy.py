"""Alias energy: sum |S - U0|^2 / sum |S|^2; may exceed 1 where folds cancel what was there.

White noise has 1 - product of kept / (stride M); an ideal low-pass before the stride has 0.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import AliasingRecords, Floats
from repaudit.metrics.alias_sums import of_layer, sums
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: AliasingRecords, claim: Claim, _: Context) -> Floats:
    layer = of_layer(records, claim)
    return sums(layer.sq_difference, layer.sq_strided)


METRIC = Metric(
    name="alias_energy",
    kinds=("aliasing",),
    form="ratio",
    unit="ratio",
    family="aliasing",
    stronger="lower",
    values=_values,
)
