"""Norms and pulled-back radii of all clips: no network, so all of them are looked at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.certificates import radii
from repaudit.metrics.context import Context

if TYPE_CHECKING:
    from repaudit.rerun.sampler import Sampler

Run = tuple[str, int]
"""checkpoint and repeat"""
SMALLEST = 1e-30
"""what a norm of 0 is compared with"""


def clip_error(
    samplers: "Mapping[Run, Sampler]", released: CertificationRecords, context: Context
) -> float | None:
    """Return the largest relative difference of a released norm or recording radius from ours.

    Infinite where one has a number and the other has none; None when none are released.
    """
    if released.norm is None:
        return None
    radius = radii(released, context)
    index = {run: {e: i for i, e in enumerate(s.ids)} for run, s in samplers.items()}
    worst = 0.0
    for row, example in enumerate(released.example_id.tolist()):
        run = str(released.checkpoint[row]), int(released.repeat[row])
        norm, pulled = samplers[run].clip(index[run][example], float(radius[row]))
        worst = max(worst, _difference(float(released.norm[row]), norm))
        if released.recording_radius is not None:
            worst = max(worst, _difference(float(released.recording_radius[row]), pulled))
    return worst


def _difference(theirs: float, ours: float) -> float:
    if np.isnan(theirs) or np.isnan(ours):
        return 0.0 if np.isnan(theirs) and np.isnan(ours) else float("inf")
    return abs(theirs - ours) / max(abs(ours), SMALLEST)
