"""What every attack gets, and what it gives back, unverified."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from repaudit.rerun.attacks.settings import Settings


class Victim(Protocol):
    """The classifier that an attack sees, for the examples of one block."""

    def scores(self, x: Tensor, rows: Tensor) -> Tensor:
        """Return float[n, classes] for inputs [n, ...] that are perturbations of these rows.

        The largest score is the class. Part of the graph that ``x`` is in. Random directions
        are drawn anew at every call, unless they are fixed.
        """

    def rows_at_once(self) -> int:
        """Return how many rows a gradient is taken of at a time, so that memory holds it."""

    @property
    def is_random(self) -> bool:
        """Whether a second call gives other scores."""


Normals = Callable[[int, int], Tensor]
"""(row, count) → that many standard normal draws of this row's own; each call goes on"""


@dataclass(frozen=True)
class Problem:
    """One block of examples to attack."""

    x: Tensor
    """[B, ...] in the coordinates of the threat model; a normal tensor without gradient"""
    labels: Tensor
    """int64[B]"""
    active: Tensor
    """bool[B], rows worth attacking: those that the victim gets right when clean"""
    victim: Victim
    settings: Settings
    bounds: tuple[float, float]
    """of every coordinate; infinite without a box"""
    normals: Normals

    def normal_rows(self, rows: Tensor, extra: int = 0) -> Tensor:
        """Return keyed standard normal draws, [n, d + extra]."""
        count = self.x[0].numel() + extra
        return torch.stack([self.normals(int(row), count) for row in rows]).to(self.x)

    def inside(self, x: Tensor, rows: Tensor) -> Tensor:
        """Return points within the box and epsilon of the rows they perturb."""
        from repaudit.rerun.attacks.norms import project

        clean, settings = self.x[rows], self.settings
        within = clean + project(x - clean, settings.norm, settings.epsilon)
        return within.clamp(*self.bounds)


@dataclass(frozen=True)
class Candidates:
    """What an attack says it found; nothing of it is believed before it was run again."""

    x: Tensor
    """[B, ...]"""
    claimed: Tensor
    """bool[B], rows that the attack calls adversarial"""


def chunks(rows: Tensor, size: int) -> list[Tensor]:
    """Return consecutive parts of at most ``size`` rows; none of no rows."""
    return [rows[first : first + size] for first in range(0, len(rows), size)]


def margin(scores: Tensor, labels: Tensor) -> Tensor:
    """Return by how much another class leads, float[n]; positive = misclassified.

    >>> margin(torch.tensor([[1.0, 3.0, 0.0]]), torch.tensor([0])).tolist()
    [2.0]
    """
    mask = torch.nn.functional.one_hot(labels, scores.shape[1]).bool()
    true = scores.gather(1, labels[:, None])[:, 0]
    best: Tensor = scores.masked_fill(mask, -torch.inf).amax(1) - true
    return best


def losses(scores: Tensor, labels: Tensor, loss: str) -> Tensor:
    """Return the loss of each row that an attack wants to be large, float[n]."""
    if loss == "cross_entropy":
        return torch.nn.functional.cross_entropy(scores, labels, reduction="none")
    return margin(scores, labels)
