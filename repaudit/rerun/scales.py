"""The scales of a certificate that clip length cannot move, beside the radius itself.

Under RMS gain the plain SNR of a saturated certificate depends on the clip's length alone (83.98
and 90.97 dB differ by 10 log10 5), so R / sqrt(T) and SNR - 10 log10(T / f_s) stand beside it.

Units
    R and R / sqrt(T) in the coordinates of the noise, SNR in dB, T in values, f_s in Hz.

Reference: S1 eq. 6; the standard, section 2.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.certificate import certified_z
from repaudit.statistics.quantile import sample_quantile

Numbers = NDArray[np.float64]


def scales(
    records: CertificationRecords,
    sigma: float,
    alpha: float,
    dimension: NDArray[np.int64],
    rate_hz: NDArray[np.int64],
) -> Mapping[str, float | None]:
    """Return medians over the certified examples, ``None`` where there is none.

    Shapes
        dimension  int[N]  T, values of the certified vector
        rate_hz    int[N]  f_s of the waveform; 0 where the object is no waveform

    Radii are lower medians and SNRs upper ones, towards the weaker certificate; ``share at the
    ceiling`` is of all examples, and says how much of it is the budget of draws speaking.
    """
    z = certified_z(records.hits, records.draws, alpha)
    certified, ceiling = z > 0.0, records.hits == records.draws
    radius = sigma * np.where(certified, z, 1.0)
    found: dict[str, float | None] = {
        "share at the ceiling": float(np.mean(ceiling)),
        "median R (certified)": _median(radius, certified, "lower"),
        "median R / sqrt(T)": _median(radius / np.sqrt(dimension), certified, "lower"),
    }
    if np.all(rate_hz > 0) and records.norm is not None:
        audible = certified & (records.norm > 0.0)
        snr = 20.0 * np.log10(np.where(audible, records.norm, 1.0) / radius)
        found["median SNR (certified), dB"] = _median(snr, audible, "upper")
        seconds = dimension / np.maximum(rate_hz, 1)
        found["median SNR - 10 log10(T/fs), dB"] = _median(
            snr - 10.0 * np.log10(seconds), audible, "upper"
        )
    if records.recording_radius is not None:
        known = certified & np.isfinite(records.recording_radius)
        found["median radius of the recording"] = _median(records.recording_radius, known, "lower")
    return found


def _median(values: Numbers, kept: NDArray[np.bool_], side: str) -> float | None:
    if not np.any(kept):
        return None
    return sample_quantile(values[kept], 0.5, "lower" if side == "lower" else "upper")
