"""What a metric is, and why a number may not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from repaudit.contract.claim import Claim
from repaudit.evidence.columns import Kind
from repaudit.evidence.tables import Floats, RadiusRecords
from repaudit.metrics.context import Context

Family = Literal["accuracy", "radius", "snr", "rate", "geometry", "aliasing"]
"""What a materiality is given for."""

FAMILIES: tuple[Family, ...] = ("accuracy", "radius", "snr", "rate", "geometry", "aliasing")
MATERIALITY: Mapping[Family, float] = MappingProxyType(
    {
        "accuracy": 1.0,
        "rate": 1.0,
        "radius": 0.01,
        "snr": 0.1,
        "geometry": 0.01,
        "aliasing": 1e-3,
    }
)
"""The default: points, points, fraction, dB, fraction, fraction (standard, section 6)."""


class CannotEstimate(ValueError):
    """The records or the definition do not allow the number; the text says why."""


class Undefined(ValueError):
    """The number does not exist although everything needed is there; the text says why."""


@dataclass(frozen=True)
class Metric:
    """One metric of this version."""

    name: str
    kinds: tuple[Kind, ...]
    """evaluations it belongs to"""
    form: Literal["share", "distribution", "mean", "ratio", "count"]
    """a share of the examples, a distribution with a statistic, a mean by definition, a ratio of
    sums over the examples, or how many examples there are"""
    unit: Literal["share", "dB", "coordinates", "ratio", "examples"]
    family: Family
    stronger: Literal["higher", "lower", "nearer_1"]
    """in which direction a claim is stronger"""
    values: Callable[[Any, Claim, Context], Floats]
    """One number per row of the records; a share's are 0 and 1. nan = undefined; a wrong or
    abstaining example has the weakest value, 0 or +inf. A ratio's are numerator and denominator,
    f64[rows, 2]. The records are of one of ``kinds``."""
    quantile: Literal["lower", "upper"] = "lower"
    """the one we write for a median, towards the weaker claim"""
    of_ratio: Callable[[float], float] | None = None
    """what a ratio of sums becomes, such as decibel; None = itself; may raise ``Undefined``"""
    of_radii: Callable[[RadiusRecords, Claim, Context], Floats] | None = None
    """the same from printed radii alone, f64[3, rows]: the smallest number that the digits allow,
    the one of the digits themselves, the largest; None = radii do not tell"""


def required(column: Any, name: str) -> Any:
    """Return an optional column, or raise ``CannotEstimate`` when the records lack it."""
    if column is None:
        raise CannotEstimate(f"the records have no column {name}")
    return column
