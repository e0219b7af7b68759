"""Abstention: #(no certificate, the lower bound is not above 1/2) / N; strict."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats, RadiusRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import radii
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, _: Claim, context: Context) -> Floats:
    abstains: Floats = (radii(records, context) == 0.0).astype(float)
    return abstains


def _of_radii(records: RadiusRecords, _: Claim, __: Context) -> Floats:
    return np.tile((records.predict < 0).astype(float), (3, 1))


METRIC = Metric(
    name="abstention_rate",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="lower",
    values=_values,
    of_radii=_of_radii,
)
