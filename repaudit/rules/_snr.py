"""Certified SNRs beside the radii they come from, in one room of arithmetic.

SNR = 20 log10(norm / R). When every clip has one norm, the order of the SNRs is that of the radii
reversed, so a median SNR belongs to the middle radii, whatever the classifier did.

Units
    Radii in the coordinates of the noise, SNR in dB.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import inf, log10, sqrt

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.rules._counts import Read
from repaudit.rules._level import Level, level_of, rho_of
from repaudit.rules._runs import runs_behind
from repaudit.rules._walk import every_claim
from repaudit.statistics.certificate import ceiling_z

FLOAT_DB = 1e-4
"""What float32 arithmetic of norms and gains may move an SNR by (relative 1e-5)."""
WAYS = ("midpoint", "lower", "upper")
Radii = tuple[float, float]
"""Smallest and largest possible radius."""


@dataclass(frozen=True)
class Row:
    """An SNR claim under a contract that fixes the level."""

    snr: Matched
    evaluation: Certification
    level: Level
    ceiling: float
    """largest radius that the budget certifies; infinite when the budget does not say"""
    radius: Matched | None
    """the median radius of the same examples, where there is one beside a median SNR"""
    is_odd: bool
    """whether both medians are of one example"""


def rows(results: Results) -> Iterator[Row]:
    """Yield every SNR claim whose contract fixes the level of the clips."""
    for placed in every_claim(results):
        evaluation, claim = placed.evaluation, placed.claim
        if not isinstance(evaluation, Certification) or claim.metric != "certified_snr":
            continue
        level = level_of(rho_of(results, results.contracts[evaluation.contract]))
        if level is not None:
            ceiling = ceiling_of(results, evaluation)
            radius = radius_beside(results, placed)
            yield Row(placed, evaluation, level, ceiling, radius, _is_odd(results, placed))


def ceiling_of(results: Results, evaluation: Certification) -> float:
    """Return the largest radius that a one-sided exact bound certifies, else infinity.

    Every other bound that a file can name is below it or, like a plug-in estimate, has no end.
    """
    budget = results.sampling[evaluation.sampling]
    exact = budget.bound in ("clopper_pearson_one_sided", "clopper_pearson_two_sided", "hoeffding")
    if not exact or not isinstance(budget.n, int) or not isinstance(budget.alpha, Real):
        return inf
    if not 0 < budget.alpha.value < 1 or evaluation.sigma.value <= 0:
        return inf
    z = ceiling_z(budget.n, float(budget.alpha))
    return float(evaluation.sigma) * z if z > 0 else inf


def radius_beside(results: Results, snr: Matched) -> Matched | None:
    """Return the median radius of the examples and runs that a median SNR is of."""
    wanted = snr.claim
    if wanted.statistic != "median" or wanted.population in (None, "unstated"):
        return None
    if not is_of_one_sample(results, snr):
        return None
    keys = ("statistic", "population", "checkpoint", "across")
    for i, claim in enumerate(snr.evaluation.claims):
        same = all(getattr(claim, key) == getattr(wanted, key) for key in keys)
        if claim.metric == "certified_radius" and same and claim.value is not None:
            return Matched(snr.evaluation_id, snr.evaluation, i, claim)
    return None


def is_of_one_sample(results: Results, placed: Matched) -> bool:
    """Whether a claim is of one set of radii, from one run or from pooled ones."""
    runs = runs_behind(results, placed)
    return placed.claim.across == "pooled" or (runs is not None and len(runs) == 1)


def _is_odd(results: Results, placed: Matched) -> bool:
    runs = runs_behind(results, placed)
    if placed.claim.population != "all" or runs is None:
        return False
    return sum(run.examples for run in runs) % 2 == 1


def db(norm: float, radius: float) -> float:
    """Return the SNR of a radius; infinite for an abstention.

    >>> round(db(16_000**0.5, 0.0079964), 2)  # 20 log10(126.491 / .0079964)
    83.98
    """
    if radius == inf:
        return -inf
    return 20 * log10(norm / radius) if radius > 0 else inf


def floats(interval: tuple[Fraction, Fraction]) -> tuple[float, float]:
    """Return an interval in floats."""
    return float(interval[0]), float(interval[1])


def fits(row: Row, read: Read, *, usually: bool = False) -> bool:
    """Return whether a median SNR may stand beside its median radius under some reading.

    ``usually`` leaves out what an author may have done but hardly did without saying so: medians
    other than the midpoint, and clips without energy, whose missing SNR ranks last.
    """
    assert row.radius is not None
    assert row.level.norm is not None
    snr, radius = read(row.snr.claim), read(row.radius.claim)
    if snr is None or radius is None or radius[1] < 0:
        return True  # a negative radius has no SNR to agree with
    radius = max(radius[0], Fraction(0)), radius[1]
    low, high = floats(snr)
    if not usually and not row.level.drops_silence:
        low = -inf  # an SNR may be larger than any radius says
    return any(
        low <= db(row.level.norm, smallest) + FLOAT_DB
        and high >= db(row.level.norm, largest) - FLOAT_DB
        for smallest, largest in middle_radii(row, floats(radius), only_midpoint=usually)
    )


def middle_radii(row: Row, radius: Radii, *, only_midpoint: bool = False) -> Iterator[Radii]:
    """Yield, per way of taking the two medians, the radii whose SNR the median SNR may be.

    With an odd number of examples both are of one example. Else the SNR of a midpoint is that of
    the geometric mean of two radii whose arithmetic mean is known (AM >= GM).
    """
    assert row.radius is not None
    if row.is_odd:
        yield radius
        return
    for of_radius in _ways(row.radius.claim, only_midpoint=only_midpoint):
        for of_snr in _ways(row.snr.claim, only_midpoint=only_midpoint):
            yield _MIDDLE[of_radius](of_snr, *radius, row.ceiling)


def _ways(claim: Claim, *, only_midpoint: bool) -> tuple[str, ...]:
    if claim.interpolation in (None, "unstated"):
        return WAYS[:1] if only_midpoint else WAYS
    # Half-way between two neighbours, a linear median is a midpoint.
    return ("midpoint",) if claim.interpolation == "linear" else (str(claim.interpolation),)


def _of_lower(way: str, low: float, high: float, ceiling: float) -> Radii:
    # The smaller middle radius is known, the larger one lies between it and the ceiling.
    largest = {"lower": ceiling, "midpoint": sqrt(high * ceiling), "upper": high}
    return low, largest[way]


def _of_upper(way: str, low: float, high: float, _: float) -> Radii:
    # The larger middle radius is known, the smaller one lies between 0 and it.
    return (low if way == "lower" else 0.0), high


def _of_midpoint(way: str, low: float, high: float, ceiling: float) -> Radii:
    # Both radii add up to twice what is known, neither exceeds the ceiling.
    least = max(2 * low - ceiling, 0.0)
    if way == "lower":
        return low, min(2 * high, ceiling)
    return (sqrt(least * ceiling) if way == "midpoint" and least else least), high


_MIDDLE = {"lower": _of_lower, "upper": _of_upper, "midpoint": _of_midpoint, "linear": _of_midpoint}
