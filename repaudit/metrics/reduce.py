"""From one number per example to one number: statistics, under every reading of what is not said.

A claim that does not say how its median was interpolated may mean any of four; a standard
deviation may divide by n or n - 1. The first reading is the one we report.
"""

from dataclasses import dataclass

import numpy as np

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Floats
from repaudit.metrics.base import CannotEstimate, Metric, Undefined
from repaudit.statistics.quantile import Interpolation, sample_quantile

INTERPOLATIONS: tuple[Interpolation, ...] = ("lower", "midpoint", "upper", "linear")


@dataclass(frozen=True)
class Readings:
    """One number under every reading of the claim's definition."""

    values: tuple[float, ...]
    """the first is the one we report; in the metric's own unit, shares in 0..1"""
    rows: int
    """examples, or examples x draws, that it rests on"""
    how: str
    """the statistic in words, with what had to be chosen"""
    ends: tuple[tuple[float, float], ...] = ()
    """lower and upper end of each reading, where the records hold printed digits; () = exact"""

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """The numbers that each reading may be."""
        return self.ends or tuple((value, value) for value in self.values)


def reduce_rows(values: Floats, claim: Claim, metric: Metric) -> Readings:
    """Return the claim's statistic of one number per member of its population.

    Raises ``Undefined`` for an empty population and where the statistic does not exist, and
    ``CannotEstimate`` when the claim does not say which statistic it means.
    """
    if metric.form == "count":
        return Readings((float(np.sum(values)),), values.size, "count")
    if values.size == 0:
        raise Undefined(f"the population {claim.population or 'all'} is empty")
    if np.any(np.isnan(values)):
        raise Undefined(f"it is undefined for {int(np.isnan(values).sum())} of {values.size}")
    if metric.form == "ratio":
        return _ratio(values, metric)
    if metric.form != "distribution":
        how = "share" if metric.form == "share" else "mean"
        return Readings((float(np.mean(values)),), values.size, how)
    match claim.statistic:
        case "median" | "quantile":
            return _quantile(values, claim, metric)
        case "mean" | "std" | "min" | "max":
            return _moment(values, claim.statistic)
        case _:
            raise CannotEstimate("the statistic is not stated")


def _ratio(values: Floats, metric: Metric) -> Readings:
    numerator, denominator = values.sum(axis=0).tolist()
    if denominator == 0.0:
        raise Undefined("there is nothing to divide by: every map is 0")
    found = numerator / denominator
    number = found if metric.of_ratio is None else metric.of_ratio(found)
    return Readings((number,), len(values), "ratio of sums")


def level_of(claim: Claim) -> float:
    """Return the level of a median or a quantile claim."""
    if claim.statistic == "median":
        return 0.5
    if claim.level is None:
        raise UnstatedError("level")
    return float(claim.level)


def interpolation_of(claim: Claim) -> Interpolation | None:
    """Return the declared interpolation; None = not said."""
    return None if claim.interpolation == "unstated" else claim.interpolation


def _quantile(values: Floats, claim: Claim, metric: Metric) -> Readings:
    level, stated = level_of(claim), interpolation_of(claim)
    first: Interpolation = stated if stated is not None else metric.quantile
    ways = (first,) if stated else (first, *(w for w in INTERPOLATIONS if w != first))
    found = tuple(sample_quantile(values, level, way) for way in ways)
    if not np.isfinite(found[0]):
        raise Undefined("it falls on an example without a certificate")
    name = "median" if claim.statistic == "median" else f"quantile {level:g}"
    how = f"{name}, {first} interpolation" + ("" if stated else " (not stated)")
    finite = tuple(value for value in found if np.isfinite(value))
    return Readings(finite, values.size, how)


def _moment(values: Floats, statistic: str) -> Readings:
    if not np.all(np.isfinite(values)):
        without = int(np.sum(~np.isfinite(values)))
        raise Undefined(f"{without} of {values.size} examples have no certificate")
    if statistic == "std":
        if values.size < 2:
            raise Undefined("one example has no standard deviation")
        both = (float(np.std(values, ddof=1)), float(np.std(values)))
        return Readings(both, values.size, "std, divisor n - 1 (not stated)")
    if statistic == "mean":
        return Readings((float(np.mean(values)),), values.size, statistic)
    extreme = np.min(values) if statistic == "min" else np.max(values)
    return Readings((float(extreme),), values.size, statistic)
