"""Vector deviation ||Delta - eps|| / ||eps||: 0 if and only if T leaves this pair alone.

From the norms and the inner product; resolves about 1e-8 at best, as squares are subtracted.
"""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    inner = required(records.inner_product, "inner_product")
    square = records.delta_norm**2 + records.noise_norm**2 - 2.0 * inner
    return np.asarray(np.sqrt(np.maximum(square, 0.0)) / records.noise_norm)


METRIC = Metric(
    name="vector_deviation",
    kinds=("geometry",),
    form="distribution",
    unit="ratio",
    family="geometry",
    stronger="lower",
    values=_values,
)
