"""Search one certified ball: steps along the slope, then the nearest point that flips."""

from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repaudit.rerun.falsify.attempt import Certificate, Change, Effort
from repaudit.rerun.falsify.neighbourhood import Neighbourhood, NoGradient, Slope
from repaudit.rerun.votes import VOID
from repaudit.statistics.binomial import clopper_pearson_one_sided_upper

INSIDE = 1.0 - 1e-4
"""Largest distance that is tried, in radii: the ball is open, and float32 rounds."""
MOMENTUM = 0.75
"""Of the directions of the steps, each of which is that of a few noise draws."""
CLEARLY = 0.3
"""Share of the certified class below which the search need not go on."""
HALVINGS = 6
"""Of the way to the point found: its distance is known to a 64th."""
STEP = 2.5
"""Radii that all steps together would lead."""


@dataclass
class Search:
    """One attempt on one certificate."""

    around: Neighbourhood
    certificate: Certificate
    effort: Effort
    note: str | None = field(default=None, init=False)
    """why not every step followed the gradient"""

    def change(self, start: Tensor, error: float) -> Change | None:
        """Return the nearest confirmed point where the class is another one; None = none found.

        ``error`` is the probability that all confirmations of the attempt together may err with.
        """
        point = self._descend(start)
        if not self._is_hopeful(point):
            return None
        ways = self._ways(point)
        for way in ways:
            change = self._confirmed(self._at(point, way), error / 2.0)
            if change is not None:
                return change
        return None

    def _descend(self, start: Tensor) -> Tensor:
        """Return the last point of the search."""
        length = STEP * self.certificate.radius / self.effort.steps
        point, along = start, torch.zeros_like(start)
        for _ in range(self.effort.steps):
            slope = self._slope(point)
            along = MOMENTUM * along + _unit(slope.direction)
            point = self._projected(point + length * _unit(along))
            if self._share(slope.votes) < CLEARLY:
                break
        return point

    def _slope(self, point: Tensor) -> Slope:
        wanted = self.certificate.certified_class, self.effort.draws
        if self.note is None and not self.around.has_scores:
            self.note = "the network returns classes only"
        if self.note is None:
            try:
                return self.around.slope(point, *wanted)
            except NoGradient as reason:
                self.note = str(reason)
        return self.around.tendency(point, *wanted)

    def _projected(self, point: Tensor) -> Tensor:
        shift = point - self.around.centre
        length = float(torch.linalg.vector_norm(shift, dtype=torch.float64))
        most = INSIDE * self.certificate.radius
        return point if length <= most else self.around.centre + shift * (most / length)

    def _is_hopeful(self, point: Tensor) -> bool:
        """Say whether the class may change at a point: a first look, then a closer one."""
        first = self.around.votes(point, "search", self.effort.check_draws // 4)
        if self._share(first) > 0.5 + 1.5 / np.sqrt(len(first)):
            return False
        return self._share(self.around.votes(point, "search", self.effort.check_draws)) < 0.5

    def _ways(self, point: Tensor) -> list[float]:
        """Return the parts of the way to the point that are worth a confirmation, nearest first."""
        if not self._flips(point):
            return [1.0]
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._flips(self._at(point, middle)) else (middle, high)
        return [high] if high == 1.0 else [high, 1.0]

    def _flips(self, point: Tensor) -> bool:
        votes = self.around.votes(point, "search", self.effort.check_draws)
        return self._share(votes) <= self.effort.target and self._leads_other(votes)

    def _at(self, point: Tensor, way: float) -> Tensor:
        return self.around.centre + way * (point - self.around.centre)

    def _confirmed(self, point: Tensor, error: float) -> Change | None:
        votes = self.around.votes(point, "confirmation", self.effort.confirmation_draws)
        hits = int(np.count_nonzero(votes == self.certificate.certified_class))
        bound = float(clopper_pearson_one_sided_upper(hits, len(votes), error))
        shift = point - self.around.centre
        distance = float(torch.linalg.vector_norm(shift, dtype=torch.float64))
        inside = distance < self.certificate.radius
        if not (inside and bound < 0.5 and self._leads_other(votes)):
            return None
        return Change(distance, _leader(votes), hits, len(votes), bound)

    def _share(self, votes: NDArray[np.int32]) -> float:
        return float(np.mean(votes == self.certificate.certified_class))

    def _leads_other(self, votes: NDArray[np.int32]) -> bool:
        return _leader(votes) != self.certificate.certified_class and bool(np.any(votes != VOID))


def _leader(votes: NDArray[np.int32]) -> int:
    """Return the most frequent class, the lowest of equals; 0 when every vote is void."""
    cast = votes[votes != VOID]
    return int(np.bincount(cast).argmax()) if cast.size else 0


def _unit(direction: Tensor) -> Tensor:
    """Return a direction in length 1; zero stays zero."""
    length = torch.linalg.vector_norm(direction)
    return direction / length if float(length) > 0.0 else direction
