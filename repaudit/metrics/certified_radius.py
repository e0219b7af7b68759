"""Certified radius R = sigma Phi^-1(p_L), coordinates of the contract; mean over all = ACR."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats, RadiusRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import counted_radii, printed_radii
from repaudit.metrics.context import Context


def _of_radii(records: RadiusRecords, claim: Claim, context: Context) -> Floats:
    found = printed_radii(records, claim, context)
    if claim.population in ("certified", "certified_correct"):
        return found
    return np.where(records.predict == records.label, found, 0.0)


METRIC = Metric(
    name="certified_radius",
    kinds=("certification",),
    form="distribution",
    unit="coordinates",
    family="radius",
    stronger="higher",
    values=counted_radii,
    of_radii=_of_radii,
)
