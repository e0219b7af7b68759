"""Certified wrong: #(another class than the true one certified with R > 0) / N."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats, RadiusRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import is_right, radii
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, _: Claim, context: Context) -> Floats:
    return ((radii(records, context) > 0.0) & ~is_right(records)).astype(float)


def _of_radii(records: RadiusRecords, _: Claim, __: Context) -> Floats:
    wrong = (records.predict >= 0) & (records.predict != records.label)
    return np.tile(wrong.astype(float), (3, 1))


METRIC = Metric(
    name="certified_wrong_rate",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="lower",
    values=_values,
    of_radii=_of_radii,
)
