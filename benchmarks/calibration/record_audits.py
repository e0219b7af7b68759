"""The targeted record audit, simulated: a few examples with telling counts, re-run in full."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from benchmarks.calibration.populations import Probabilities, draw
from repaudit.statistics.sign_flip import SignFlipResult, in_window, sign_flip_test

LEVEL = 0.01


@dataclass(frozen=True)
class RecordRow:
    """How often the audit of one kind of report rejects it."""

    population: str
    size: int
    examples: int
    """re-run at most"""
    sigma_error: float
    """the author drew at sigma (1 + e)"""
    audits: int
    rejected: float
    forwards: float
    """median"""


def audit_records(
    author_hits: NDArray[np.int64], p: Probabilities, n: int, most: int, rng: np.random.Generator
) -> tuple[SignFlipResult, int]:
    """Re-run up to ``most`` random ones of the telling examples; the result and its forwards."""
    telling = rng.permutation(np.flatnonzero(in_window(author_hits, n)))[:most]
    rerun = rng.binomial(n, p[telling])
    result = sign_flip_test(
        author_hits[telling], rerun, n, int(rng.integers(2**62)), simulations=2000
    )
    return result, telling.size * n


def record_row(
    population: str,
    size: int,
    examples: int,
    sigma_error: float,
    audits: int,
    seed: int = 0,
    n: int = 10_000,
) -> RecordRow:
    """Simulate audits of authors whose noise was too large by a factor 1 + ``sigma_error``."""
    rng = np.random.default_rng([seed, size, examples, round(1e6 * (1.0 + sigma_error))])
    rejected, forwards = 0, []
    for _ in range(audits):
        p = draw(population, size, rng, n)
        author = rng.binomial(n, ndtr(ndtri(p) / (1.0 + sigma_error)))
        result, cost = audit_records(author, p, n, examples, rng)
        rejected += result.p_value < LEVEL
        forwards.append(cost)
    share, median = rejected / audits, float(np.median(forwards))
    return RecordRow(population, size, examples, sigma_error, audits, share, median)


def record_table(audits: int) -> list[RecordRow]:
    """Return size and power for the populations of the design."""
    return [
        record_row(*setting, error, audits)
        for setting in (("SC", 5074, 20), ("SC", 5074, 50), ("ESC", 2000, 30), ("SC", 400, 30))
        for error in (0.0, 0.01, 0.02, 0.05, 0.1)
    ]
