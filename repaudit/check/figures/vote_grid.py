"""Released counts against ours, binned on the scale where chance is equally wide."""

import numpy as np

from repaudit.audit.vote_grid import VoteGrid
from repaudit.evidence.join import align
from repaudit.evidence.tables import CertificationRecords, Floats, Ints
from repaudit.statistics.swap_result import HONEST_SDS

MOST_CELLS = 300
_MOST_BINS = 40


def vote_grid(theirs: CertificationRecords, ours: CertificationRecords) -> VoteGrid | None:
    """Return the counts of the examples that both have, in at most 300 cells; None without any.

    Two honest shares of n1 and n2 draws differ by sqrt(1 / 4 n1 + 1 / 4 n2) standard deviations
    on the scale of asin(sqrt(p)).
    """
    released, measured = align(theirs, ours)
    if not len(released):
        return None
    one, other = _angle(released), _angle(measured)
    sd = np.sqrt(0.25 / released.draws + 0.25 / measured.draws)
    bins, cells, counts = _binned(one, other)
    return VoteGrid(
        bins=bins,
        released=(cells // bins).tolist(),
        measured=(cells % bins).tolist(),
        examples=counts.tolist(),
        draws=int(measured.draws.max()),
        half_width=float(HONEST_SDS * np.max(sd) * bins / (np.pi / 2.0)),
        outside=int(np.count_nonzero(np.abs(one - other) > HONEST_SDS * sd)),
    )


def _angle(records: CertificationRecords) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(records.label_hits / records.draws)))


def _binned(one: Floats, other: Floats) -> tuple[int, Ints, Ints]:
    """Return the finest grid that has few enough cells, its cells and their counts."""
    for bins in range(_MOST_BINS, 0, -4):
        places = [
            np.minimum((x * bins / (np.pi / 2.0)).astype(np.int64), bins - 1) for x in (one, other)
        ]
        cells, counts = np.unique(places[0] * bins + places[1], return_counts=True)
        if cells.size <= MOST_CELLS:
            break
    return bins, cells, counts
