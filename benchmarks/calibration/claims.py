"""The table that an author prints: eleven numbers with the digits of the standard."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from benchmarks.calibration.reports import HONEST, NORM, SIGMA, Conduct, Run, Study
from repaudit.statistics.certificate import ceiling_z, hits_for_z

Claim = dict[str, Any]
PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Radii of the certified accuracies, in multiples of the ceiling."""
_ROUNDINGS = {"half": ROUND_HALF_EVEN, "floor": ROUND_FLOOR, "ceil": ROUND_CEILING}


def printed(value: float, decimals: int, rounding: str = "half") -> str:
    """Return a number with so many decimals.

    >>> printed(0.125, 2), printed(0.129, 2, "floor")
    ('0.12', '0.12')
    """
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(float(value))).quantize(step, rounding=_ROUNDINGS[rounding]):f}"


def significant(value: float, digits: int = 4) -> str:
    """Return a number of at least 0, rounded down to so many significant digits.

    >>> significant(0.799649), significant(0.0)
    ('0.7996', '0.000')
    """
    exponent = Decimal(repr(float(value))).adjusted() if value else 0
    return printed(value, max(digits - 1 - exponent, 0), "floor")


def thresholds(study: Study) -> list[str]:
    """Return the radii at which certified accuracy is claimed."""
    top = SIGMA * ceiling_z(study.n, study.alpha)
    return ["0", *(significant(part * top) for part in PARTS[1:])]


def claims_of(run: Run, study: Study, conduct: Conduct = HONEST) -> list[Claim]:
    """Return the claims of a run; a number that does not exist is not claimed."""
    return [*_shares(run, study, conduct), *_radii(run), *_snr(run)]


def _shares(run: Run, study: Study, conduct: Conduct) -> list[Claim]:
    accuracies = [
        {
            "metric": "certified_accuracy",
            "at_radius": radius,
            **_percent(_count(run, index, float(radius), study, conduct), study),
        }
        for index, radius in enumerate(thresholds(study))
    ]
    smoothed = int(np.sum(run.records.top_class == run.records.label))
    return [
        {"metric": "clean_accuracy", "classifier": "smoothed", **_percent(smoothed, study)},
        *accuracies,
        {"metric": "abstention_rate", **_percent(int(np.sum(run.radius == 0.0)), study)},
    ]


def _count(run: Run, index: int, radius: float, study: Study, conduct: Conduct) -> int:
    """Return how many examples the author says are certified correct at a radius."""
    reaches = _reaches(run, radius, study, conduct)
    if conduct.counts_abstentions and index == 0:
        reaches = reaches | (run.radius == 0.0)
    is_raised = conduct.points > 0.0 and (conduct.raises_all or index == 0)
    more = max(round(conduct.points / 100.0 * study.size), 1) if is_raised else 0
    return min(int(np.sum(reaches)) + more, study.size)


def _reaches(run: Run, radius: float, study: Study, conduct: Conduct) -> Any:
    """Return which examples are certified correct at a radius, compared as counts."""
    alpha = conduct.alpha or study.alpha
    needed = hits_for_z(radius / (SIGMA * conduct.scale), int(run.records.draws[0]), alpha)
    return run.right & (run.records.hits >= needed)


def _percent(count: int, study: Study) -> Claim:
    return {"unit": "percent", "value": printed(100.0 * count / study.size, 2)}


def _radii(run: Run) -> list[Claim]:
    values = np.where(run.right, run.radius, 0.0)
    median = float(np.quantile(values, 0.5, method="lower"))
    radius = {"metric": "certified_radius", "population": "all", "rounding": "floor"}
    return [
        {**radius, "statistic": "mean", "value": significant(float(np.mean(values)))},
        {**radius, "statistic": "median", "interpolation": "lower", "value": significant(median)},
    ]


def _snr(run: Run) -> list[Claim]:
    certified = run.radius > 0.0
    snr = 20.0 * np.log10(NORM / np.where(certified, run.radius, 1.0))
    over_all = np.where(certified & run.right, snr, np.inf)
    median = float(np.quantile(over_all, 0.5, method="higher"))
    found = []
    if np.any(certified):
        mean = printed(float(np.mean(snr[certified])), 2, "ceil")
        found.append({"statistic": "mean", "population": "certified", "value": mean})
    if np.isfinite(median):
        words = {"statistic": "median", "population": "all", "interpolation": "upper"}
        found.append({**words, "value": printed(median, 2, "ceil")})
    return [{"metric": "certified_snr", "rounding": "ceil", **claim} for claim in found]
