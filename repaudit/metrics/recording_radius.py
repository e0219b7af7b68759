"""Recording radius: the certified radius pulled back to the recording, full-scale amplitude."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import Metric, required
from repaudit.metrics.certificates import counted_radii
from repaudit.metrics.context import Context


def _values(records: CertificationRecords, claim: Claim, context: Context) -> Floats:
    pulled_back = required(records.recording_radius, "recording_radius")
    return np.where(counted_radii(records, claim, context) > 0.0, pulled_back, 0.0)


METRIC = Metric(
    name="recording_radius",
    kinds=("certification",),
    form="distribution",
    unit="coordinates",
    family="radius",
    stronger="higher",
    values=_values,
)
