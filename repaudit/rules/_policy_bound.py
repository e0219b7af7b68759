"""What a known policy does to the norm of the noise at the very most, whatever the clips are.

Units
    Ratios of norms, without unit. Bounds on single ratios hold for all draws but 2e-7 of them.
"""

from dataclasses import dataclass
from math import sqrt

from repaudit.contract.results import Results
from repaudit.rules._geometry import Diagnosis
from repaudit.rules._level import rho_of
from repaudit.rules._near_miss import PEAK_MATCH
from repaudit.rules._policy import Policy, keeps_inside

ANY_LEVEL = 11.0
"""Largest ratio under T_peak at any level: 1 + 7 (s + 1) / sqrt(1 + s^2), s = sigma / RMS."""


@dataclass(frozen=True)
class Bound:
    """Largest values; D_geom's follows from rho >= 0."""

    mean: float
    """of the mean ratio"""
    single: float
    """of one ratio, so of every statistic"""
    because: str

    @property
    def d_geom(self) -> float:
        """Largest mean of |rho - 1|."""
        return max(1.0, self.mean - 1)


def bound_of(results: Results, diagnosis: Diagnosis) -> Bound | None:
    """Return the bound of a diagnosis' policy; None for a policy without one."""
    policy, relative = diagnosis.policy, diagnosis.relative_sigma
    if policy is None:
        return None
    if policy.name == "peak_match":
        level = diagnosis.level
        is_small = level is not None and level.is_certain and (relative or 1.0) <= 0.01
        most = PEAK_MATCH if is_small else ANY_LEVEL
        return Bound(most, most, "T keeps the peak of the clean clip")
    if policy.name == "clip" and keeps_inside(rho_of(results, diagnosis.contract), policy.limit):
        return Bound(1.0, 1.0, "T projects onto a box that holds the clean clip")
    if relative is None or policy.name not in ("clip", "peak_to"):
        return None
    return _level_bound(diagnosis, policy, relative, pairs_of(results, diagnosis))


def _level_bound(diagnosis: Diagnosis, policy: Policy, relative: float, pairs: int) -> Bound | None:
    """Return 1 + RMS / sigma: the clean clip moves by at most itself, the noise does not grow."""
    level = diagnosis.level
    if level is None or level.samples is None:
        return None
    largest = 1 / relative
    if policy.name == "peak_to" and (policy.limit > level.rms or not level.is_certain):
        largest *= 1 + policy.limit / level.rms
    # ||eps|| / (sigma sqrt(T)) is 1 within 6 / sqrt(2 T), in the mean over pairs closer.
    spread = 6 / sqrt(2 * level.samples)
    mean = 1 + largest * (1 + 1 / level.samples + spread / sqrt(pairs))
    return Bound(mean, 1 + largest * (1 + spread), "T moves a clip by at most its own norm")


def pairs_of(results: Results, diagnosis: Diagnosis) -> int:
    """Return how many pairs of clip and draw there are at least."""
    examples = results.data[diagnosis.evaluation.data].examples
    draws = diagnosis.evaluation.draws
    known = examples if isinstance(examples, int) else 1
    return known * (draws if isinstance(draws, int) else 1)
