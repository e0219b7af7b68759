"""Certified accuracy: #(right, R >= r, R > 0) / N.

At r = 0 it is the positive-radius accuracy. ``at_snr_db`` asks instead for an SNR of at most x
dB. Reference: Cohen, Rosenfeld & Kolter 2019, section 4.
"""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats, RadiusRecords
from repaudit.metrics.base import CannotEstimate, Metric
from repaudit.metrics.certificates import is_right, printed_radii, threshold_hits
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, claim: Claim, context: Context) -> Floats:
    reached = records.hits >= threshold_hits(records, claim, context)
    return (reached & is_right(records)).astype(float)


def _of_radii(records: RadiusRecords, claim: Claim, context: Context) -> Floats:
    if claim.at_radius is None:
        raise CannotEstimate("a log of radii has no thresholds but radii")
    reached = printed_radii(records, claim, context) >= float(claim.at_radius)
    return np.where(reached & (records.predict == records.label), 1.0, 0.0)


METRIC = Metric(
    name="certified_accuracy",
    kinds=("certification",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
    of_radii=_of_radii,
)
