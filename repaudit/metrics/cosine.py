"""Cosine between Delta = T(x + eps) - x and eps; undefined where Delta is 0."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    inner = required(records.inner_product, "inner_product")
    product = records.delta_norm * records.noise_norm
    return np.where(product > 0.0, inner / np.where(product > 0.0, product, 1.0), np.nan)


METRIC = Metric(
    name="cosine",
    kinds=("geometry",),
    form="distribution",
    unit="ratio",
    family="geometry",
    stronger="nearer_1",
    values=_values,
)
