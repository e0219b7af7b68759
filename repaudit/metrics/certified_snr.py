"""Certified SNR, 20 log10(norm / R) in dB, coordinates of the noise; lower is stronger.

An abstaining example, and a wrong one over ``all``, ranks last (+inf); so does an example of
norm 0, which has no SNR.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric, required
from repaudit.metrics.certificates import counted_radii, snr_db
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, claim: Claim, context: Context) -> Floats:
    return snr_db(required(records.norm, "norm"), counted_radii(records, claim, context))


METRIC = Metric(
    name="certified_snr",
    kinds=("certification",),
    form="distribution",
    unit="dB",
    family="snr",
    stronger="lower",
    values=_values,
    quantile="upper",
)
