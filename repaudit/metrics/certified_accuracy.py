"""Certified accuracy: #(right, R >= r, R > 0) / N.

At r = 0 it is the positive-radius accuracy. ``at_snr_db`` asks instead for an SNR of at most x
dB. Reference: Cohen, Rosenfeld & Kolter 2019, section 4.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import is_right, threshold_hits
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, claim: Claim, context: Context) -> Floats:
    reached = records.hits >= threshold_hits(records, claim, context)
    return (reached & is_right(records)).astype(float)


METRIC = Metric(
    name="certified_accuracy",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
)
