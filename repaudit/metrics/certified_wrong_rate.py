"""Certified wrong: #(another class than the true one certified with R > 0) / N."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import is_right, radii
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, _: Claim, context: Context) -> Floats:
    return ((radii(records, context) > 0.0) & ~is_right(records)).astype(float)


METRIC = Metric(
    name="certified_wrong_rate",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="lower",
    values=_values,
)
