"""D_geom: mean over examples and draws of |norm ratio - 1|, norm ratio = ||Delta|| / ||eps||."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: GeometryRecords, _: Claim, __: Context) -> Floats:
    return np.abs(records.delta_norm / records.noise_norm - 1.0)


METRIC = Metric(
    name="d_geom",
    kinds=("geometry",),
    form="mean",
    unit="ratio",
    family="geometry",
    stronger="lower",
    values=_values,
)
