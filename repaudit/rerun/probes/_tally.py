"""Add up what noisy copies say about their noise: moments, correlations, repeats, lost bits.

Scores are in standard deviations of the statistic under white Gaussian noise. Copies that came
twice count once, and coordinates that no noise ever reached not at all, so that each fault shows
in its own number.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

from repaudit.rerun.probes._bench import Numbers
from repaudit.rerun.probes._grid import grid_of, onto_grid
from repaudit.rerun.probes._moments import moments_of
from repaudit.rerun.probes._numbers import rounded

VALUES = 1 << 20
"""coordinates drawn in all"""
CALLS = 4
"""of the sampler, per example: a seed that is reset in a loop shows between them"""
FEWEST, MOST = 2, 1024
"""rows per call"""
LAGS = 4
"""neighbours along every axis whose correlation is measured"""
KEPT = 16
"""rows per example that are correlated with one another"""
SHORTEST = 64
"""coordinates below which the correlation of two rows says little"""


def rows_each(size: int, examples: int, values: int = VALUES) -> int:
    """Return how many rows of ``size`` coordinates one call draws.

    >>> rows_each(16_000, 4), rows_each(8, 4)
    (5, 1024)
    """
    return min(max(-(-values // (size * examples * CALLS)), FEWEST), MOST)


class Tally:
    """Sums over examples, in float64."""

    def __init__(self, sigma: float) -> None:
        self._sigma = sigma
        self._powers = [0.0] * 5
        self._neighbours: defaultdict[tuple[int, int], list[float]] = defaultdict(
            lambda: [0.0, 0.0]
        )
        self._kept: list[Tensor] = []
        self._touched: list[int] = []
        self._untouched = 0.0
        self._rows = self._repeated = self._size = 0
        self._lost = self._steps = 0.0
        self._bits = 0
        self._is_finite = True

    def add(self, clean: Tensor, blocks: Sequence[Tensor]) -> None:
        """Count the noisy copies ``[count, ...]`` of one example ``[1, ...]``, call by call."""
        noisy = torch.cat(list(blocks)).to(torch.float64)
        noise = noisy - clean.to(torch.float64)
        self._rows += len(noise)
        self._size = min(self._size or noise[0].numel(), noise[0].numel())
        if not bool(torch.isfinite(noise).all()):
            self._is_finite = False
            return
        kept = self._first_times(noise)
        noise, noisy = noise[kept], noisy[kept]
        bits, steps = grid_of(noisy)
        moved = noisy != onto_grid(clean.to(torch.float64), bits)
        touched = moved.any(0)
        reached = int(touched.sum())
        self._untouched = max(self._untouched, 1.0 - reached / touched.numel())
        if reached:
            self._bits = max(self._bits, bits)
            self._steps += float((steps[:, touched] ** 2).sum())
            self._lost += float((~moved[:, touched]).sum())
            self._touched.append(reached)
            self._add_noise(noise / self._sigma, touched)

    def _add_noise(self, noise: Tensor, touched: Tensor) -> None:
        values = noise[:, touched]
        for power in range(5):
            self._powers[power] += float((values**power).sum())
        self._add_neighbours(noise, touched)
        self._kept.append(noise[:KEPT].flatten(1))

    def _first_times(self, noise: Tensor) -> list[int]:
        """Return the rows that came for the first time."""
        seen: dict[bytes, int] = {}
        for index, row in enumerate(noise.cpu()):
            seen.setdefault(hashlib.sha256(row.contiguous().numpy().tobytes()).digest(), index)
        self._repeated += len(noise) - len(seen)
        return sorted(seen.values())

    def _add_neighbours(self, noise: Tensor, touched: Tensor) -> None:
        """Add the products of coordinates that lie one to four apart along an axis."""
        for axis, size in enumerate(touched.shape):
            for lag in range(1, min(LAGS, size - 1) + 1):
                one, other = (noise.narrow(axis + 1, at, size - lag) for at in (0, lag))
                both = touched.narrow(axis, 0, size - lag) & touched.narrow(axis, lag, size - lag)
                sums = self._neighbours[axis, lag]
                sums[0] += float((one * other).sum())
                sums[1] += float(both.sum()) * len(noise)

    def numbers(self) -> Numbers:
        """Return the statistics; what nothing was drawn for is null."""
        count = self._powers[0]
        found: Numbers = {
            "sigma": self._sigma,
            "rows": self._rows,
            "size": self._size,
            "values": int(count),
            "finite": self._is_finite,
            "repeated_rows": self._repeated,
            "untouched": rounded(self._untouched),
        }
        if count == 0.0:
            return found
        return {
            **found,
            **moments_of(self._powers),
            **self._correlations(self._powers[2] / count),
            "lost": rounded(self._lost / count),
            "significant_bits": self._bits,
            "rounding_over_sigma": rounded((self._steps / count / 12) ** 0.5 / self._sigma),
        }

    def _correlations(self, power: float) -> Numbers:
        """Return the largest correlation of neighbours and of rows, with its score."""
        pairs = [(s / n / power, n) for s, n in self._neighbours.values() if n]
        nearby, count = max(pairs, key=lambda pair: abs(pair[0]) * pair[1] ** 0.5, default=(0, 0))
        rows = self._between_rows()
        score = None if rows is None else _fisher(rows, min(self._touched))
        return {
            "autocorrelation": rounded(nearby),
            "autocorrelation_score": rounded(nearby * count**0.5),
            "row_correlation": rounded(rows),
            "row_correlation_score": rounded(score),
        }

    def _between_rows(self) -> float | None:
        """Return the largest correlation of two rows, of one example or of two alike in shape."""
        kept = [rows for rows in self._kept if rows.shape[1] == self._kept[0].shape[1]]
        if min(self._touched) < SHORTEST:
            return None
        rows = torch.nn.functional.normalize(torch.cat(kept), dim=1)
        products = (rows @ rows.T).triu(1)
        return float(products.abs().max())


def _fisher(correlation: float, count: int) -> float:
    """Return the score of a correlation of ``count`` pairs; finite also where it is 1."""
    close = torch.tensor(min(correlation, 1.0 - 1e-12), dtype=torch.float64)
    return float(torch.atanh(close)) * math.sqrt(count - 3)
