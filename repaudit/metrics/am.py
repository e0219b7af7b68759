"""AM: mean over maps (channels x examples) of the sum over frequencies of |S - U0|.

S is the strided output's spectrum, U0 the dense one's without what folds. Grows with the map and
with a rescaling of weights that leaves the function alone: it compares with the same layer of the
same model only. Reference: Grabinski, Keuper and Keuper 2022, eq. 7.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import AliasingRecords, Floats
from repaudit.metrics.alias_sums import of_layer, sums
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: AliasingRecords, claim: Claim, _: Context) -> Floats:
    layer = of_layer(records, claim)
    return sums(layer.abs_difference, layer.maps)


METRIC = Metric(
    name="am",
    kinds=("aliasing",),
    form="ratio",
    unit="ratio",
    family="aliasing",
    stronger="lower",
    values=_values,
)
