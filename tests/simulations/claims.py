"""The claims of a report: every kind of number that a certification prints."""

from collections.abc import Callable, Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from repaudit.statistics.certificate import ceiling_z
from tests.simulations.printing import digits, printed, radius_decimals
from tests.simulations.settings import Setting
from tests.simulations.study import (
    Run,
    certified_share,
    certified_share_at_snr,
    snr_of,
    statistic,
)

Claim = dict[str, Any]
DISTRIBUTIONS = [
    ("mean", "all"),
    ("median", "all"),
    ("mean", "certified"),
    ("median", "certified"),
    ("median", "certified_correct"),
    ("min", "certified"),
    ("max", "all"),
]


class Author:
    """Prints the numbers of a study in one style."""

    def __init__(self, setting: Setting, runs: list[Run], rng: np.random.Generator) -> None:
        self.setting, self.runs, self.rng = setting, runs, rng
        self.unit = str(rng.choice(["percent", "fraction"]))
        self.across = str(rng.choice(["mean", "pooled", "median", "max"], p=[0.5, 0.3, 0.1, 0.1]))
        self.is_single_precision = bool(rng.random() < 0.2)
        self.pools_distributions = bool(rng.random() < 0.5)

    def shares(self, of: Callable[[Run], float], **fields: Any) -> Iterator[Claim]:
        """Yield a share over the runs, and sometimes of each run."""
        values = [of(run) for run in self.runs]
        claim = {**fields, "unit": self.unit, **self._share(self._combined(values))}
        if len(values) > 1:
            claim["across"] = self.across
            if self.rng.random() < 0.5:
                claim["spread"] = self._spread(values)
        yield claim
        if len(values) > 1 and self.rng.random() < 0.3:
            for index, value in enumerate(values):
                network = {"checkpoint": f"net{index}"}
                yield {**fields, **network, "unit": self.unit, **self._share(value)}

    def distribution(
        self, metric: str, name: str, population: str, decimals: int
    ) -> Iterator[Claim]:
        """Yield a statistic of the radius or the SNR, where it exists."""
        how = self.setting.interpolation
        parts = [self._values(run, metric, population) for run in self.runs]
        if self.pools_distributions:
            value, across = statistic(np.concatenate(parts), name, how), "pooled"
        else:
            value, across = float(np.mean([statistic(part, name, how) for part in parts])), "mean"
        if not np.isfinite(value):
            return
        yield {
            "metric": metric,
            "statistic": name,
            "population": population,
            **({"interpolation": how} if how is not None and name == "median" else {}),
            **({"across": across} if len(parts) > 1 else {}),
            **printed(value, decimals, self.setting.rounding),
        }

    def _values(self, run: Run, metric: str, population: str) -> Any:
        values = run.radius if metric == "certified_radius" else run.snr
        weakest = 0.0 if metric == "certified_radius" else np.inf
        if population == "all":
            values = np.where(run.right, values, weakest)
        return values[run.members(population)]

    def _combined(self, values: list[float]) -> float:
        if self.across == "pooled":
            return float(np.average(values, weights=[run.right.size for run in self.runs]))
        return float({"mean": np.mean, "median": np.median, "max": np.max}[self.across](values))

    def _share(self, value: float) -> Claim:
        return printed(*self._scaled(value), self.setting.rounding)

    def _scaled(self, value: float) -> tuple[float, int]:
        if self.is_single_precision:
            value = float(np.float32(value))
        decimals = self.setting.decimals
        return (value * 100, decimals) if self.unit == "percent" else (value, decimals + 2)

    def _spread(self, values: list[float]) -> Claim:
        over = "folds" if self.setting.has_folds else str(self.rng.choice(["seeds", "runs"]))
        name = str(self.rng.choice(["std", "sem", "range"]))
        if name == "range":
            low, high = (digits(*self._scaled(v), "half_even") for v in (min(values), max(values)))
            return {"low": low, "high": high, "statistic": name, "over": over}
        ddof = int(self.rng.integers(0, 2))
        value = float(np.std(values, ddof=ddof)) / (len(values) ** 0.5 if name == "sem" else 1.0)
        said = {"ddof": ddof} if self.rng.random() < 0.7 else {}
        text = digits(*self._scaled(value), "half_even")
        return {"value": text, "statistic": name, "over": over, **said}


def claims_of(setting: Setting, runs: list[Run], rng: np.random.Generator) -> list[Claim]:
    """Return everything that a report of these runs prints."""
    author = Author(setting, runs, rng)
    claims = [*_certified(setting, author), *_rates(author)]
    decimals = radius_decimals(setting.sigma, setting.decimals)
    for name, population in DISTRIBUTIONS:
        claims += author.distribution("certified_radius", name, population, decimals)
        claims += author.distribution("certified_snr", name, population, setting.decimals)
    return claims


def _certified(setting: Setting, author: Author) -> Iterator[Claim]:
    metric = "certified_accuracy"
    top = float(setting.sigma) * ceiling_z(setting.n, float(setting.alpha))
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        radius = _rounded_down(part * top)
        yield from author.shares(
            lambda run, r=radius: certified_share(setting, run, r), metric=metric, at_radius=radius
        )
    for part in (0.3, 0.9):
        snr = f"{snr_of(part * top):.2f}"
        yield from author.shares(
            lambda run, s=snr: certified_share_at_snr(run, s), metric=metric, at_snr_db=snr
        )


def _rounded_down(radius: float) -> str:
    """Return a threshold with four digits that no rounding lifts above the ceiling."""
    if radius == 0:
        return "0"
    exact = Decimal(repr(radius))
    step = Decimal(1).scaleb(exact.adjusted() - 3)
    return f"{exact.quantize(step, rounding=ROUND_FLOOR):f}"


def _rates(author: Author) -> Iterator[Claim]:
    yield from author.shares(
        lambda run: float(np.mean((run.radius > 0) & ~run.right)), metric="certified_wrong_rate"
    )
    yield from author.shares(lambda run: float(np.mean(run.radius == 0)), metric="abstention_rate")
    yield from author.shares(
        lambda run: float(np.mean(run.smoothed_right)),
        metric="clean_accuracy",
        classifier="smoothed",
    )
    yield from author.shares(
        lambda run: float(np.mean(run.base_right)), metric="clean_accuracy", classifier="base"
    )
    yield from author.shares(lambda run: float(np.mean(run.noisy_right)), metric="noisy_accuracy")
