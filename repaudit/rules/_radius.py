"""Every claimed certified radius with what it may be under the declared sampling."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.sampling import Sampling
from repaudit.contract.types import Real
from repaudit.rules._explain_radius import Row, fitting
from repaudit.rules._hypotheses import Setting
from repaudit.rules._quantity import Interval, interval_of
from repaudit.rules._runs import runs_behind
from repaudit.rules._walk import checkpoints_of, every_claim
from repaudit.statistics.attainable import widened
from repaudit.statistics.bounds import LARGEST_N, LowerBound
from repaudit.statistics.quantile import quantile_ranks

TWO_SIDED = "clopper_pearson_two_sided"
SIDES_UNNAMED = ("wilson", "jeffreys", "hoeffding")
"""Bounds that exist one-sided and two-sided under one name."""


@dataclass(frozen=True)
class Form:
    """Where in the ordered radii of a population a number comes from."""

    has_zero: bool
    """whether abstentions and wrong examples count, with radius 0"""
    share: float | None
    """weight of the upper of two neighbours; None = one member's radius"""


@dataclass(frozen=True)
class Radius:
    """One claim of a certified radius, with its sampling stated."""

    placed: Matched
    evaluation: Certification
    settings: tuple[Setting, ...]
    """those that the declared bound may mean"""
    form: Form | None
    """None = any number up to the ceiling: a mean, or runs combined in a way not known"""

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise."""
        return float(self.evaluation.sigma)

    @property
    def ceiling(self) -> float:
        """The largest R / sigma."""
        return max(setting.ceiling for setting in self.settings)

    @property
    def lowest(self) -> float:
        """The smallest positive R / sigma; 0.0 when nothing can be certified."""
        return min(float(setting.lattice[0]) if self.ceiling else 0.0 for setting in self.settings)

    @property
    def is_of_certified(self) -> bool:
        """Whether only positive radii are counted."""
        return self.placed.claim.population in ("certified", "certified_correct")

    @property
    def interval(self) -> Interval:
        """What prints as this claim, coordinates of the noise."""
        interval = interval_of(self.placed.claim)
        assert interval is not None  # claims without a value are left out
        return interval

    def over_sigma(self, interval: Interval) -> tuple[float, float]:
        """Return an interval in units of sigma, with room for float32."""
        sigma = self.evaluation.sigma.value
        low, high = widened(float(interval[0] / sigma), float(interval[1] / sigma))
        return float(low), float(high)

    def row(self, interval: Interval) -> Row:
        """Return an interval as a row of the search for explanations."""
        assert self.form is not None
        sigma = self.evaluation.sigma.value
        ends = float(interval[0] / sigma), float(interval[1] / sigma)
        return Row(*ends, self.form.share, self.form.has_zero)

    def fits(self, interval: Interval) -> bool:
        """Return whether some radius of the lattice lies in an interval."""
        row = self.row(interval)
        return any(bool(fitting(setting, [row])[0]) for setting in self.settings)


def radii_of(results: Results) -> Iterator[Radius]:
    """Yield every certified-radius claim whose budget is stated and can certify something."""
    for placed in every_claim(results):
        claim, evaluation = placed.claim, placed.evaluation
        if claim.metric != "certified_radius" or interval_of(claim) is None:
            continue
        assert isinstance(evaluation, Certification)  # RA047
        settings = settings_of(results.sampling[evaluation.sampling])
        if settings and evaluation.sigma.value > 0 and settings[0].ceiling > 0.0:
            yield Radius(placed, evaluation, settings, form_of(results, placed))


def settings_of(sampling: Sampling) -> tuple[Setting, ...]:
    """Return the settings that a budget may mean; () when it does not say, or has no lattice."""
    n, alpha, bound = sampling.n, sampling.alpha, sampling.bound
    if not isinstance(n, int) or not isinstance(alpha, Real) or n > LARGEST_N:
        return ()
    if not 0 < alpha.value < 1 or bound in ("unstated", "none", "empirical_bernstein"):
        return ()
    error = float(alpha)
    if bound == TWO_SIDED:
        return (Setting(n, error / 2.0),)
    name = cast(LowerBound, bound)
    sides = (error, error / 2.0) if bound in SIDES_UNNAMED else (error,)
    return tuple(Setting(n, side, name) for side in sides)


def form_of(results: Results, placed: Matched) -> Form | None:
    """Return where in the ordered radii a claim's number comes from; None = anywhere.

    Whether a population is even is known for all examples only: the number of certified ones is
    not printed.
    """
    claim = placed.claim
    sizes = _sizes(results, placed)
    if sizes is None:
        return None
    size = sizes if claim.population == "all" else 0
    has_zero = claim.population not in ("certified", "certified_correct")
    if claim.statistic in ("min", "max"):
        return Form(has_zero, None)
    if claim.statistic == "median":
        return _between(claim, size, 0.5, has_zero)
    if claim.statistic == "quantile" and claim.level is not None:
        return _between(claim, size, float(claim.level), has_zero)
    return None


def _between(claim: Claim, size: int, level: float, has_zero: bool) -> Form | None:
    """Return the form of a quantile of ``size`` radii, 0 = of an unknown number."""
    way = claim.interpolation
    if way in ("lower", "upper"):
        return Form(has_zero, None)
    if not 0.0 <= level <= 1.0:
        return None
    fraction = quantile_ranks(size, level)[2] if size else None
    if level == 0.5 or way == "midpoint":
        return Form(has_zero, None if fraction == 0.0 else 0.5)
    # other definitions of a quantile than the linear one divide the gap elsewhere
    if way != "linear" or fraction is None:
        return None
    return Form(has_zero, fraction or None)


def _sizes(results: Results, placed: Matched) -> int | None:
    """Return how many examples one median is over, 0 = not known; None when it is no median."""
    number = _number_of_runs(results, placed)
    if number is None:
        return None
    runs, across = runs_behind(results, placed), placed.claim.across
    sizes = [] if runs is None else [run.examples for run in runs]
    if number == 1 or across == "pooled":
        return sum(sizes)
    if across in ("min", "max") or (across == "median" and number % 2 == 1):
        return sizes[0] if len(set(sizes)) == 1 else 0
    return None


def _number_of_runs(results: Results, placed: Matched) -> int | None:
    repeats = placed.evaluation.repeats
    if repeats == "unstated":
        return None
    one = placed.claim.checkpoint is not None
    return (1 if one else len(checkpoints_of(results, placed.evaluation))) * (repeats or 1)


def largest_radius(results: Results, evaluation: Certification) -> float | None:
    """Return the largest radius that can be certified; None when the budget does not say."""
    settings = settings_of(results.sampling[evaluation.sampling])
    if not settings or evaluation.sigma.value <= 0:
        return None
    return float(evaluation.sigma) * max(setting.ceiling for setting in settings)
