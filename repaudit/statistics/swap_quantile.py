"""Judge whether an honest author could have got a claimed quantile, given a re-run.

The counting is in `repaudit.statistics.quantile_sides`; here are the variances of certified
radii and SNR at a threshold.

Units
    Radii in the unit of sigma, SNR in dB with +inf for an abstention (it ranks last).
"""

# ruff: noqa: PT028 - these functions test claims; pytest never sees them

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit.statistics.certificate import ceiling_z, hits_for_z, z_lattice
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.quantile import Interpolation
from repaudit.statistics.quantile_sides import QuantileSides, Thresholds, centred_bounds
from repaudit.statistics.swap_result import SwapResult
from repaudit.statistics.variance import KAPPA, Population, ThresholdVariance


def radius_thresholds(
    label_hits: ArrayLike,
    sigma: float,
    protocol: Protocol,
    population: Population = "all",
    *,
    level: float = 0.5,
    kappa: float = KAPPA,
) -> Thresholds:
    """Return the thresholds of a quantile of the certified radius.

    ``label_hits`` int[examples] are those of every example of the re-run, whatever the
    population; ``level`` is the level of the quantile.
    """
    variance = ThresholdVariance(label_hits, protocol, population, level=level, kappa=kappa)

    def hits(radius: float) -> NDArray[np.int64]:
        return hits_for_z(radius / sigma, protocol.n, protocol.alpha)

    return Thresholds(
        at_least=lambda radius: variance.at(hits(radius)) if radius > 0.0 else 0.0,
        above=lambda radius: variance.at(hits(radius)) if radius >= 0.0 else 0.0,
        ends=(0.0, sigma * ceiling_z(protocol.n, protocol.alpha)),
        steps=_steps(population, level),
        is_size_random=population != "all",
    )


def snr_thresholds(
    label_hits: ArrayLike,
    norms_over_sigma: ArrayLike,
    protocol: Protocol,
    population: Population = "all",
    *,
    level: float = 0.5,
    kappa: float = KAPPA,
) -> Thresholds:
    """Return the thresholds of a quantile of the certified SNR, 20 log10(norm / R).

    ``norms_over_sigma`` f64[examples]: ||r|| / sigma, positive. Over ``all`` an abstaining or
    wrong example has SNR +inf. A high SNR is a small radius, so the level turns around.
    Raises ``ValueError`` for a norm that is not positive, or a protocol that certifies nothing.
    """
    norms = np.asarray(norms_over_sigma, np.float64)
    if not np.all(norms > 0.0):
        raise ValueError("norms_over_sigma: expected positive numbers")
    if protocol.k_min > protocol.n:
        raise ValueError(f"protocol: no SNR can be certified with {protocol}")
    variance = ThresholdVariance(label_hits, protocol, population, level=1.0 - level, kappa=kappa)

    distinct, example = np.unique(norms, return_inverse=True)

    def at(snr_db: float) -> float:
        z = distinct * 10.0 ** (-snr_db / 20.0)
        return variance.at(hits_for_z(z, protocol.n, protocol.alpha)[example])

    lattice = z_lattice(protocol.n, protocol.alpha)
    strongest = _decibel(float(norms.min()), float(lattice[-1]))
    weakest = _decibel(float(norms.max()), float(lattice[protocol.k_min]))
    return Thresholds(
        at_least=at,
        above=at,
        ends=(strongest, weakest, np.inf) if population == "all" else (strongest, weakest),
        steps=_steps(population, level),
        is_size_random=population != "all",
    )


def test_quantile(
    lo: float,
    hi: float,
    values: ArrayLike,
    thresholds: Thresholds,
    level: float = 0.5,
    interpolation: Interpolation | None = None,
) -> SwapResult:
    """Test a claimed quantile against the values of the re-run.

    ``lo, hi``        the claim, in the unit of the values
    ``values``        f64[members] of the population in the re-run: over ``all`` every example
                      (radius 0 or SNR +inf for wrong and abstaining), else the members only
    ``interpolation`` as declared; None, not said, is the most favourable of the four

    The returned variance is on the scale of counts, at the end of the claim that was tested.
    The honest values are the set that this test does not reject at 1 %, by its ends.

    >>> protocol = Protocol(50, 500, 0.001)
    >>> saturated = radius_thresholds([500] * 9, 0.25, protocol)
    >>> at_ceiling = [saturated.ends[-1]] * 9
    >>> test_quantile(0.55, 0.56, at_ceiling, saturated).p_value
    1.0
    """
    size = None if thresholds.is_size_random else np.size(values)
    sides = QuantileSides(
        values=np.sort(np.asarray(values, np.float64)),
        weight=1.0,
        level=level,
        bounds=centred_bounds(level, interpolation, size),
        thresholds=thresholds,
    )
    return sides.judge(lo, hi)


def _steps(population: Population, level: float) -> tuple[float, ...]:
    """By how much one example moves a centred count: between members, in and out."""
    if population == "all":
        return (1.0,)
    return tuple(sorted({1.0, level, 1.0 - level} - {0.0}))


def _decibel(norm_over_sigma: float, z: float) -> float:
    return 20.0 * float(np.log10(norm_over_sigma / z))
