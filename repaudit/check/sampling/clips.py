"""Norms and pulled-back radii of all clips: no network, so all of them are looked at."""

import numpy as np

from repaudit.check.sampling.elements import Elements
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.certificates import radii
from repaudit.metrics.context import Context

SMALLEST = 1e-30
"""what a norm of 0 is compared with"""


def clip_error(
    elements: Elements, released: CertificationRecords, context: Context
) -> float | None:
    """Return the largest relative difference of a released norm or recording radius from ours.

    Infinite where one has a number and the other has none; None when none are released.
    """
    if released.norm is None:
        return None
    radius = radii(released, context)
    worst = 0.0
    for row, example in enumerate(released.example_id.tolist()):
        element = str(released.checkpoint[row]), int(released.repeat[row]), example
        norm, pulled = elements.clip(element, float(radius[row]))
        worst = max(worst, _difference(float(released.norm[row]), norm))
        if released.recording_radius is not None:
            worst = max(worst, _difference(float(released.recording_radius[row]), pulled))
    return worst


def _difference(theirs: float, ours: float) -> float:
    if np.isnan(theirs) or np.isnan(ours):
        return 0.0 if np.isnan(theirs) and np.isnan(ours) else float("inf")
    return abs(theirs - ours) / max(abs(ours), SMALLEST)
