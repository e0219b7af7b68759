"""The curve of a log that has radii and no counts."""

import numpy as np

from repaudit.audit.curve import Curve
from repaudit.check.figures.curve import MOST_RADII, NOTHING, thinned
from repaudit.evidence.tables import Floats, Ints, RadiusRecords
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.certificates import protocol_of, sigma_of
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import ceiling_z


def curve_of_log(records: RadiusRecords, context: Context) -> Curve:
    """Return the curve of printed radii; its ends are those that the printed digits allow.

    Raises ``CannotEstimate`` without a usable protocol or when no example is certified right.
    """
    protocol = protocol_of(context)
    right = records.predict == records.label
    steps = np.unique(records.radius[right & (records.radius > 0.0)])
    if steps.size == 0:
        raise CannotEstimate(NOTHING)
    kept = thinned(steps, steps, MOST_RADII)
    shares = [
        (_reaching(radius[right], kept) / len(records)).tolist()
        for radius in (records.low, records.radius, records.high)
    ]
    return Curve(
        of="recomputed",
        examples=len(records),
        runs=context.runs,
        radii=kept.tolist(),
        accuracy=shares[1],
        low=shares[0],
        high=shares[2],
        ceiling=sigma_of(context) * ceiling_z(protocol.n, protocol.alpha),
        unit=context.unit,
        norm=None,
        norm_reason="a log of radii comes without norms",
    )


def _reaching(radius: Floats, thresholds: Floats) -> Ints:
    """Return how many radii reach each threshold."""
    return np.asarray(radius.size - np.searchsorted(np.sort(radius), thresholds, side="left"))
