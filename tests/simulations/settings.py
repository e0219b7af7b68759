"""The grid of honest reports: budgets, noise, sizes, populations, runs, and ways to print."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DRAWS = (100, 1000, 10_000, 100_000)
ALPHAS = ("0.05", "0.01", "0.001", "0.0001")
SIGMAS = ("0.0025", "0.005", "0.01", "0.02", "0.25", "1")
SIZES = (50, 100, 400, 401, 1000, 5074)
POPULATIONS = ("SC", "ESC", "HARD", "EXACT1", "BORDERLINE", "SPARSE")
ROUNDINGS = ("half_even", "half_up", "floor", "ceil")
INTERPOLATIONS = (None, "lower", "midpoint", "upper", "linear")


@dataclass(frozen=True)
class Setting:
    """What one report is made with."""

    n: int
    alpha: str
    sigma: str
    examples: int
    population: str
    runs: int
    has_folds: bool
    """each run is tested on a fold of its own, of another size"""
    decimals: int
    rounding: str
    """``half_even`` and ``half_up`` are not declared, ``floor`` and ``ceil`` are"""
    interpolation: str | None
    has_equal_norms: bool
    """recordings brought to one level before the noise"""
    is_transcription: bool
    seed: int


def settings(count: int, seed: int = 0) -> Iterator[Setting]:
    """Yield settings drawn from the grid; the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    for index in range(count):
        runs = int(rng.integers(1, 4))
        yield Setting(
            n=int(rng.choice(DRAWS)),
            alpha=str(rng.choice(ALPHAS)),
            sigma=str(rng.choice(SIGMAS)),
            examples=int(rng.choice(SIZES)),
            population=str(rng.choice(POPULATIONS)),
            runs=runs,
            has_folds=runs > 1 and bool(rng.random() < 0.3),
            decimals=int(rng.integers(2, 7)),
            rounding=str(rng.choice(ROUNDINGS, p=(0.4, 0.4, 0.1, 0.1))),
            interpolation=INTERPOLATIONS[int(rng.integers(len(INTERPOLATIONS)))],
            has_equal_norms=bool(rng.random() < 0.7),
            is_transcription=bool(rng.random() < 0.2),
            seed=seed * 1_000_000 + index,
        )
