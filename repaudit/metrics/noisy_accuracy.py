"""Noisy accuracy: of the network alone under one noise draw per example."""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, _: Claim, __: Context) -> Floats:
    correct: Floats = (required(records.noisy_class, "noisy_class") == records.label).astype(float)
    return correct


METRIC = Metric(
    name="noisy_accuracy",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
)
