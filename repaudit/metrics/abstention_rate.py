"""Abstention: #(no certificate, the lower bound is not above 1/2) / N; strict."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import radii
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, _: Claim, context: Context) -> Floats:
    abstains: Floats = (radii(records, context) == 0.0).astype(float)
    return abstains


METRIC = Metric(
    name="abstention_rate",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="lower",
    values=_values,
)
