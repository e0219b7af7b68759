"""The distribution of the certified radii, with the ceiling of the budget."""

import numpy as np

from repaudit.audit.histogram import RadiusHistogram
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.certificates import is_right, protocol_of, radii, sigma_of
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import ceiling_z

BINS = 32


def histogram_of(records: CertificationRecords, context: Context) -> RadiusHistogram | None:
    """Return the histogram of complete counts; None when the draws cannot certify anything.

    Raises ``CannotEstimate`` without a usable protocol.
    """
    most = int(records.draws.max())
    ceiling = sigma_of(context) * ceiling_z(most, protocol_of(context).alpha)
    if ceiling <= 0.0:
        return None
    found, right = radii(records, context), is_right(records)
    at_ceiling = (records.hits == records.draws) & (records.draws == most)
    below = (found > 0.0) & ~at_ceiling
    edges = np.linspace(0.0, ceiling, BINS + 1)
    return RadiusHistogram(
        edges=edges.tolist(),
        right=_counts(found[below & right], edges),
        wrong=_counts(found[below & ~right], edges),
        right_at_ceiling=int(np.count_nonzero(at_ceiling & right)),
        wrong_at_ceiling=int(np.count_nonzero(at_ceiling & ~right)),
        abstained=int(np.count_nonzero(found == 0.0)),
    )


def _counts(values: Floats, edges: Floats) -> list[int]:
    """Return how many values lie in each bin, upper edges included."""
    places = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, edges.size - 2)
    return [int(number) for number in np.bincount(places, minlength=edges.size - 1)]
