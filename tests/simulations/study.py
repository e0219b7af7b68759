"""The certificates behind a report, drawn vote by vote, and the numbers that they give."""

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from repaudit.statistics.certificate import hits_for_z, z_lattice
from repaudit.statistics.quantile import sample_quantile
from tests.oracles.smoothing import population
from tests.simulations.settings import Setting

SAMPLES = 16_000
"""Length of every recording."""
N0 = 100


@dataclass(frozen=True)
class Run:
    """One network on its examples; every array has one entry per example."""

    hits: NDArray[np.int64]
    """votes for the selected class"""
    right: NDArray[np.bool_]
    """whether the selected class is the true one"""
    radius: NDArray[np.float64]
    """certified; 0 = abstains"""
    norm: NDArray[np.float64]
    smoothed_right: NDArray[np.bool_]
    base_right: NDArray[np.bool_]
    noisy_right: NDArray[np.bool_]

    @property
    def snr(self) -> NDArray[np.float64]:
        """20 log10(norm / R); +inf without a certificate."""
        with np.errstate(divide="ignore"):
            return 20.0 * np.log10(self.norm / self.radius)

    def members(self, name: str) -> NDArray[np.bool_]:
        """Return which examples a population holds."""
        certified = self.radius > 0
        every = np.ones(certified.size, np.bool_)
        return {"all": every, "certified": certified, "certified_correct": certified & self.right}[
            name
        ]


def draw(setting: Setting, rng: np.random.Generator) -> list[Run]:
    """Return the runs of a report."""
    return [_run(setting, size, rng) for size in sizes(setting)]


def sizes(setting: Setting) -> list[int]:
    """Return the examples of each run; folds of one data set differ by one or more."""
    if not setting.has_folds:
        return [setting.examples] * setting.runs
    first = setting.examples // setting.runs + 1
    others = [first - 2 * index - 1 for index in range(1, setting.runs - 1)]
    return [first, *others, setting.examples - first - sum(others)]


def _run(setting: Setting, size: int, rng: np.random.Generator) -> Run:
    p = _rates(setting.population, size, rng)
    votes, label_hits = rng.binomial(N0, p), rng.binomial(setting.n, p)
    even = rng.random(size) < 0.5
    right = (2 * votes > N0) | ((2 * votes == N0) & even)
    hits = np.where(right, label_hits, setting.n - label_hits)
    lattice = z_lattice(setting.n, float(setting.alpha))
    level = 1.0 if setting.has_equal_norms else np.exp(rng.normal(0.0, 0.5, size))
    return Run(
        hits=hits,
        right=right,
        radius=float(setting.sigma) * lattice[hits],
        norm=np.full(size, SAMPLES**0.5) * level,
        smoothed_right=(2 * label_hits > setting.n) | ((2 * label_hits == setting.n) & even),
        base_right=rng.random(size) < np.where(p > 0.5, 0.97, 0.1),
        noisy_right=rng.random(size) < p,
    )


def _rates(name: str, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    if name == "BORDERLINE":
        return rng.uniform(0.5, 0.56, size)
    if name == "SPARSE":
        return np.where(rng.random(size) < 0.005, 0.5, 1.0)
    return np.asarray(ndtr(population(name, size, rng)))


def certified_share(setting: Setting, run: Run, radius: str) -> float:
    """Return #(right, R >= r, R > 0) / N, compared as counts."""
    alpha = float(setting.alpha)
    needed = hits_for_z(float(radius) / float(setting.sigma), setting.n, alpha)
    return float(np.mean(run.right & (run.hits >= needed)))


def certified_share_at_snr(run: Run, snr_db: str) -> float:
    """Return the share of examples whose certificate reaches an SNR."""
    return float(np.mean(run.right & (run.snr <= float(snr_db))))


def snr_of(radius: float) -> float:
    """Return the SNR of a radius at the level that recordings are brought to."""
    return 10.0 * log10(SAMPLES) - 20.0 * log10(radius)


def statistic(values: NDArray[np.float64], name: str, interpolation: str | None) -> float:
    """Return a statistic of one number per example; inf or nan where there is none."""
    if values.size == 0:
        return float("nan")
    if name == "median":
        how = interpolation if interpolation is not None else "linear"
        return sample_quantile(values, 0.5, how)  # type: ignore[arg-type]
    return float({"mean": np.mean, "min": np.min, "max": np.max}[name](values))
