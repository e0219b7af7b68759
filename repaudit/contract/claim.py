"""A claim: one printed number with the definition that identifies it."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.printed import Printed, Rounding
from repaudit.contract.types import Id, Real

Metric = Literal[
    "certified_accuracy",
    "certified_wrong_rate",
    "abstention_rate",
    "clean_accuracy",
    "noisy_accuracy",
    "certified_radius",
    "certified_snr",
    "recording_radius",
    "d_geom",
    "norm_ratio",
    "clean_bias",
    "noise_gain",
    "cosine",
    "vector_deviation",
    "attacked_accuracy",
    "adversarial_count",
    "defence_rate",
    "attack_success_rate",
    "perturbation_norm",
    "samples_per_input",
    "inference_time",
    "am",
    "am_relative",
    "alias_energy",
    "alias_db",
]
Extension = Annotated[str, Field(pattern=r"^x-")]
Statistic = Literal["mean", "median", "std", "min", "max", "quantile"]
Interpolation = Literal["lower", "midpoint", "upper", "linear"]
Population = Literal["all", "certified", "certified_correct", "correct", "adversarial"]
Classifier = Literal["base", "smoothed", "defended"]
Across = Literal["mean", "median", "pooled", "min", "max"]
Unit = Literal["percent", "fraction", "s", "ms"]


class Spread(Declared):
    """The dispersion printed beside a value, in the claim's unit."""

    value: Printed | None = None
    """one number, or low and high"""
    low: Printed | None = None
    high: Printed | None = None
    statistic: Maybe[Literal["std", "sem", "interval", "range"]]
    over: Maybe[Literal["runs", "seeds", "folds", "repeats", "examples"]]
    """folds = over fold means after averaging seeds, runs = over all runs"""
    ddof: Maybe[Literal[0, 1]] | None = None
    """divisor n - ddof of a standard deviation"""
    level: Real | None = None
    """confidence level of an interval, fraction"""


class Claim(Declared):
    """One declared number."""

    metric: Metric | Extension
    value: Printed | None = None
    """the number as printed, in quotes; absent only in a plan"""
    unit: Unit | None = None
    """of proportions and times; every other unit follows from the metric and the contract"""
    statistic: Maybe[Statistic] | None = None
    """of a distribution, over the examples (and draws) of one run"""
    level: Real | None = None
    """of a quantile, fraction"""
    interpolation: Maybe[Interpolation] | None = None
    """of a median or quantile; absent = not said"""
    rounding: Rounding = "half"
    """how the printed value was rounded"""
    population: Maybe[Population] | None = None
    """the examples a distribution runs over"""
    classifier: Classifier | None = None
    """whose accuracy or time"""
    at_radius: Real | None = None
    """threshold of certified_accuracy, coordinates of the contract"""
    at_snr_db: Real | None = None
    """threshold of certified_accuracy, dB"""
    layer: str | None = None
    """module path (aliasing)"""
    checkpoint: Id | None = None
    """the value of this run alone"""
    across: Maybe[Across] | None = None
    """how several runs were combined"""
    spread: Spread | None = None
    reading_error: Printed | None = None
    """half-width of a value read off a figure (transcriptions only)"""
    source: str | None = None
    """where it stands, such as Table 1"""

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes this claim a different one: unique within an evaluation."""
        return (
            self.metric,
            self.statistic,
            self.level,
            self.population,
            self.classifier,
            self.at_radius,
            self.at_snr_db,
            self.layer,
            self.checkpoint,
        )
