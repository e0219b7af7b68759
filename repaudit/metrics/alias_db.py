"""Alias level, 10 log10(sum |S - U0|^2 / sum |U0|^2) dB; undefined where nothing folds."""

import math

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import AliasingRecords, Floats
from repaudit.metrics.alias_sums import of_layer, sums
from repaudit.metrics.base import Metric, Undefined
from repaudit.metrics.context import Context


def _values(records: AliasingRecords, claim: Claim, _: Context) -> Floats:
    layer = of_layer(records, claim)
    return sums(layer.sq_difference, layer.sq_alias_free)


def _level(ratio: float) -> float:
    if ratio <= 0.0:
        raise Undefined("nothing folds, a level of minus infinity")
    return 10.0 * math.log10(ratio)


METRIC = Metric(
    name="alias_db",
    kinds=("aliasing",),
    form="ratio",
    unit="dB",
    family="aliasing",
    stronger="lower",
    values=_values,
    of_ratio=_level,
)
