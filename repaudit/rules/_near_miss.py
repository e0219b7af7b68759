"""Which policy, other than the declared one, gives the printed diagnostics.

Units
    Ratios are without unit; a crest factor is peak over RMS.
"""

from math import inf

from repaudit.rules._geometry import Diagnosis, printed
from repaudit.rules._policy import Name
from repaudit.rules._quantity import interval_of
from repaudit.rules._rms_law import RmsLaw, rms_law

PEAK_MATCH = 8.2
"""Largest ratio under T_peak as defined: 1 + 7 sigma / RMS from the gain, and the largest of
80 000 draws, 7 sigma with probability 1 - 2e-7, times RMS / ||x + eps||_inf <= 1."""
CREST = (1.2, 30.0)
"""Crest factors of audio: a square wave has 1, a sine 1.41, speech and sounds of a room 6 to 12,
sparse clicks 30."""
ROUNDING = 2e-6
DEVIATIONS = 6.0


def explanation(diagnosis: Diagnosis) -> str | None:
    """Return the first policy that explains D_geom, else the ratio; None when none does."""
    relative, declared = diagnosis.relative_sigma, diagnosis.policy
    if relative is None:
        return None
    low, high = ratio_interval(diagnosis)
    name: Name | None = declared.name if declared is not None else None
    if name != "identity" and low >= 1 - ROUNDING and high <= 1 + ROUNDING:
        return "no transform at all (the identity)"
    law = law_of(diagnosis)
    if name != "rms" and law is not None and fits_d_geom(diagnosis, law):
        return "a gain to the clean RMS after the noise"
    if name != "peak_match" and _is_some(diagnosis) and high <= PEAK_MATCH:
        return "a gain to the peak of the clean clip after the noise"
    if name != "peak_to" and low > PEAK_MATCH:
        least, most = crest_factor(low, relative), crest_factor(high, relative)
        if most is not None and least is not None and CREST[0] <= least and most <= CREST[1]:
            return (
                "a gain that brings the peak of what arrives to the RMS of the clean clip "
                f"(to 1 at RMS 1), with crest factors around {(least + most) / 2:.3g}"
            )
    return None


def _is_some(diagnosis: Diagnosis) -> bool:
    """Whether D_geom is large enough for the noise in a peak, far above a change of the RMS."""
    return diagnosis.d_geom is not None and printed(diagnosis.d_geom, interval_of)[0] >= 1e-3


def crest_factor(ratio: float, relative_sigma: float) -> float | None:
    """Return the peak over RMS that a gain to peak 1 at RMS 1 needs for a norm ratio.

    >>> round(crest_factor(351.03, 0.0025), 2)  # ratio = (1 - 1 / crest) / sigma
    8.17
    """
    inverse = 1 - ratio * relative_sigma
    return 1 / inverse if inverse > 0 else None


def ratio_interval(diagnosis: Diagnosis) -> tuple[float, float]:
    """Return where the norm ratios lie, from a printed ratio or else from D_geom."""
    for placed in (diagnosis.median, diagnosis.unstated, diagnosis.mean):
        if placed is not None:
            return printed(placed, interval_of)
    least, most = printed(diagnosis.d_geom, interval_of)
    return (max(1 - most, least - 1), 1 + most) if diagnosis.d_geom is not None else (-inf, inf)


def law_of(diagnosis: Diagnosis) -> RmsLaw | None:
    """Return the closed form of T_rms at this level and length, where it is known."""
    relative, level = diagnosis.relative_sigma, diagnosis.level
    if relative is None or level is None or level.samples is None:
        return None
    return rms_law(relative, level.samples)


def fits_d_geom(diagnosis: Diagnosis, law: RmsLaw) -> bool:
    """Return whether the printed D_geom is that of T_rms, within twice a coarse tolerance."""
    least, most = printed(diagnosis.d_geom, interval_of)
    slack = 0.05 * law.d_geom + law.remainder
    return diagnosis.d_geom is not None and (
        least <= law.d_geom + slack and most >= law.d_geom - slack
    )
