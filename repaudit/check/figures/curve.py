"""Certified accuracy as a function of the radius."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from repaudit.audit.curve import Curve
from repaudit.evidence.tables import CertificationRecords, Floats, Ints
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.certificates import is_right, protocol_of, radii, sigma_of
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import ceiling_z, certified_z, hits_for_z
from repaudit.statistics.skellam import largest_plausible
from repaudit.statistics.swap_result import HONEST_LEVEL
from repaudit.statistics.variance import ThresholdVariance

MOST_RADII: Final = 99
"""Two vertices each and the two ends: a line of at most 200."""
BETWEEN: Final = 33
"""Radii of these that are even steps of the lattice, for the band."""
SAME_NORM: Final = 1e-4
"""Relative: norms closer than this differ by less than 0.001 dB."""
NOTHING: Final = "no example is certified for its true class"


def curve_of(records: CertificationRecords, context: Context, *, is_ours: bool) -> Curve:
    """Return the curve of complete counts, runs pooled; of ours with its band at 99 %.

    Raises ``CannotEstimate`` without a usable protocol or when no example is certified right.
    """
    protocol, sigma = protocol_of(context), sigma_of(context)
    make = _measured if is_ours else _recomputed
    reached, counts, reach = make(records, context)
    norm, norm_reason = _common_norm(records)
    return Curve(
        of="measured" if is_ours else "recomputed",
        examples=len(records),
        runs=context.runs,
        radii=reached.tolist(),
        accuracy=(counts / len(records)).tolist(),
        low=(np.maximum(counts - reach, 0) / len(records)).tolist(),
        high=(np.minimum(counts + reach, len(records)) / len(records)).tolist(),
        ceiling=sigma * ceiling_z(int(records.draws.max()), protocol.alpha),
        unit=context.unit,
        norm=norm,
        norm_reason=norm_reason,
    )


def _measured(records: CertificationRecords, context: Context) -> tuple[Floats, Ints, Ints]:
    """Return radii, how many reach each, and by how many an honest run may differ there.

    Radii at which ours falls, and some between them, where only the band moves.
    """
    protocol = protocol_of(context)
    if np.any(records.draws != protocol.n):
        raise CannotEstimate("the re-run has other draws than the declared n")
    hits = records.hits[is_right(records)]
    steps = np.unique(hits[hits >= protocol.k_min])
    if steps.size == 0:
        raise CannotEstimate(NOTHING)
    even = np.linspace(0.0, ceiling_z(protocol.n, protocol.alpha), BETWEEN)
    needed = np.union1d(
        thinned(steps, certified_z(steps, protocol.n, protocol.alpha), MOST_RADII - BETWEEN),
        hits_for_z(even, protocol.n, protocol.alpha),
    )
    counts = np.array([np.count_nonzero(hits >= k) for k in needed])
    variance = ThresholdVariance(records.label_hits, protocol)
    reach = [largest_plausible(variance.at(int(k)), HONEST_LEVEL) for k in needed]
    found = sigma_of(context) * certified_z(needed, protocol.n, protocol.alpha)
    return np.asarray(found), counts, np.array(reach)


def _recomputed(records: CertificationRecords, context: Context) -> tuple[Floats, Ints, Ints]:
    """Return the radii at which the curve falls, how many reach each, and no band: it is exact."""
    found = np.where(is_right(records), radii(records, context), 0.0)
    steps = np.unique(found[found > 0.0])
    if steps.size == 0:
        raise CannotEstimate(NOTHING)
    kept = thinned(steps, steps, MOST_RADII)
    counts = len(found) - np.searchsorted(np.sort(found), kept, side="left")
    return kept, counts, np.zeros(kept.size, np.int64)


def thinned(values: NDArray[Any], at: Floats, most: int) -> NDArray[Any]:
    """Return at most so many of the values, evenly along *at*, which increases; the last too."""
    if values.size <= most:
        return values
    places = np.searchsorted(at, np.linspace(at[0], at[-1], most), side="left")
    return np.asarray(values[np.unique(places)])


def _common_norm(records: CertificationRecords) -> tuple[float | None, str | None]:
    """Return the norm that all certified vectors with energy share, or why there is none."""
    if records.norm is None:
        return None, "the counts come without norms"
    norms = records.norm[records.norm > 0.0]
    if norms.size == 0:
        return None, "no example has energy"
    low, high = float(norms.min()), float(norms.max())
    if high - low > SAME_NORM * high:
        span = 20.0 * np.log10(high / low)
        return None, f"the norms differ, from {low:.4g} to {high:.4g} ({span:.3g} dB)"
    silent = len(records.norm) - norms.size
    said = f"{silent} of {len(records)} examples have no energy, and no SNR" if silent else None
    return float(np.median(norms)), said
