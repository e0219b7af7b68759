"""What RMS renormalisation after the noise does to the norm of a perturbation, in closed form.

x and T(x + eps) lie on one sphere, so ||T(x + eps) - x|| is a chord. With s = sigma / RMS,
a = s sqrt(T) and Z the standard normal part of the noise along x,
ratio - 1 = -(Z + a)^2 / (2 T) + s^2 / 8, up to s^4 and T^-1.5.

Units
    ``ratio`` and ``d_geom`` are without unit; ``relative_sigma`` is s.

References
    Representation-aware smoothing, equations 7 and 9; noncentral chi-square with one degree of
    freedom and noncentrality a^2, from its definition as (Z + a)^2.
"""

from dataclasses import dataclass
from math import erf, exp, pi, sqrt


@dataclass(frozen=True)
class RmsLaw:
    """Expected diagnostics over many clips and draws."""

    d_geom: float
    mean_ratio: float
    median_ratio: float
    remainder: float
    """what the closed form leaves out, and float32 arithmetic"""
    deviation: float
    """standard deviation of one ratio"""


LARGEST = 0.1
"""Relative sigma up to which the remainder bounds what the closed form leaves out."""
FEWEST = 500
"""Samples from which it does."""


def rms_law(relative_sigma: float, samples: int) -> RmsLaw | None:
    """Return the law of T_rms; None outside the range in which the closed form holds.

    >>> law = rms_law(0.0025, 16_000)
    >>> round(law.median_ratio, 6), round(law.mean_ratio, 6)  # 4 million draws: the same
    (0.999985, 0.999966)
    """
    if not 0 < relative_sigma <= LARGEST or samples < FEWEST:
        return None
    s, a = relative_sigma, relative_sigma * sqrt(samples)
    c, shift = s * s * samples / 4, s * s / 8
    above = 2 * _mean_below(c, a)
    return RmsLaw(
        d_geom=(1 + a * a - c + above) / (2 * samples),
        mean_ratio=1 - (1 + a * a) / (2 * samples) + shift,
        median_ratio=1 - _median(a) / (2 * samples) + shift,
        remainder=s**4 + samples**-1.5 / 4 + 3e-7,
        deviation=sqrt(2 + 4 * a * a) / (2 * samples),
    )


def _cdf(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


def _density(z: float) -> float:
    return exp(-z * z / 2) / sqrt(2 * pi)


def _mean_below(c: float, a: float) -> float:
    """Return E max(c - (Z + a)^2, 0)."""
    low, high = -sqrt(c) - a, sqrt(c) - a
    share = _cdf(high) - _cdf(low)
    edges = high * _density(high) - low * _density(low)
    return (c - a * a - 1) * share + edges + 2 * a * (_density(high) - _density(low))


def _median(a: float) -> float:
    """Return the median of (Z + a)^2."""
    low, high = 0.0, a + 3.0
    for _ in range(60):
        root = (low + high) / 2
        if _cdf(root - a) - _cdf(-root - a) < 0.5:
            low = root
        else:
            high = root
    return low * low
