"""The claims of a geometry evaluation by what they are, and what bounds one another.

Units
    Everything is a ratio of norms, without unit. rho = ||T(x + eps) - x|| / ||eps||.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from repaudit.contract.claim import Claim
from repaudit.contract.contract import Contract
from repaudit.contract.evaluation import Geometry
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read
from repaudit.rules._level import Level, level_of, rho_of
from repaudit.rules._policy import Policy, policy_of

Interval = tuple[float, float]
Evidence = dict[str, str | int | float | bool | None]


@dataclass(frozen=True)
class Diagnosis:
    """One geometry evaluation, the claims of one way of combining repeats."""

    name: str
    evaluation: Geometry
    contract: Contract
    policy: Policy | None
    level: Level | None
    d_geom: Matched | None
    mean: Matched | None
    """of the norm ratio"""
    median: Matched | None
    unstated: Matched | None
    """a norm ratio whose statistic is not said"""

    @property
    def relative_sigma(self) -> float | None:
        """Return sigma / RMS; None where the steps fix no level."""
        return None if self.level is None else float(self.evaluation.sigma) / self.level.rms

    @property
    def claims(self) -> list[Matched]:
        """Return what is printed of the norm ratio, D_geom first."""
        found = (self.d_geom, self.mean, self.median, self.unstated)
        return [placed for placed in found if placed is not None]


def diagnoses(results: Results) -> Iterator[Diagnosis]:
    """Yield every geometry evaluation; claims combined in different ways are kept apart."""
    for name, evaluation in results.evaluations.items():
        if not isinstance(evaluation, Geometry):
            continue
        contract = results.contracts[evaluation.contract]
        policy, level = policy_of(results, contract), level_of(rho_of(results, contract))
        # Every relation here holds in one run, in pooled runs and, being linear or convex, in
        # means over runs; a median or an extreme over runs is of another run for each number.
        for across in dict.fromkeys(c.across for c in evaluation.claims):
            if across in (None, "mean", "pooled"):
                found = _claims(name, evaluation, across)
                yield Diagnosis(name, evaluation, contract, policy, level, *found)


def _claims(name: str, evaluation: Geometry, across: str | None) -> list[Matched | None]:
    def one(metric: str, statistic: str | None) -> Matched | None:
        for i, claim in enumerate(evaluation.claims):
            is_it = (claim.metric, claim.statistic, claim.across) == (metric, statistic, across)
            if is_it and claim.value is not None:
                return Matched(name, evaluation, i, claim)
        return None

    statistics = ("mean", "median", "unstated")
    return [one("d_geom", None), *(one("norm_ratio", which) for which in statistics)]


def printed(placed: Matched | Claim | None, read: Read) -> Interval:
    """Return the values that print as a claim; everything where there is none."""
    claim = placed.claim if isinstance(placed, Matched) else placed
    interval = None if claim is None else read(claim)
    return (-inf, inf) if interval is None else (float(interval[0]), float(interval[1]))


def mean_ratio(diagnosis: Diagnosis, read: Read) -> Interval:
    """Return what the mean norm ratio may be, from its own claim and from D_geom.

    D = E|rho - 1| and rho >= 0 give max(1 - D, D - 1) <= E rho <= 1 + D.
    """
    least, most = printed(diagnosis.d_geom, read)
    low, high = printed(diagnosis.mean, read)
    if diagnosis.d_geom is None:
        return low, high
    return max(low, 1 - most, least - 1), min(high, 1 + most)


ROUNDING = 1e-9
"""Relative error of the comparisons themselves."""


def at_most(low: float, high: float) -> bool:
    """Return whether a number is no larger than a bound, up to float rounding."""
    return low <= high + ROUNDING * max(1.0, abs(high))
