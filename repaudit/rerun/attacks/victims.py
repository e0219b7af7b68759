"""What attacks see and predictions come from: the bare network, and the defended one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from repaudit.rerun.attacks.route import Route, rows_of
from repaudit.rerun.post_averaging import PostAveraging, groups
from repaudit.rerun.steps.base import Signal

GRADIENT_ROWS = {"cpu": 32, "cuda": 2048}
"""Rows of one forward with a gradient; larger ones spend their time on fresh memory."""
KEPT_ROWS = {"cpu": 128, "cuda": 8192}
"""Rows whose activations are kept at the same time."""

Directions = Callable[[int, int], Tensor]
"""(row, call) → the unit directions of one example for one call, [K, ...]"""


@dataclass
class Counter:
    """Forwards made, for the report."""

    forwards: int = 0


@dataclass(frozen=True)
class Base:
    """The network alone, on the rows of one block."""

    route: Route
    clean: Signal
    counter: Counter = field(default_factory=Counter)

    is_random = False

    def rows_at_once(self) -> int:
        """Return how many rows one gradient holds."""
        return GRADIENT_ROWS[self.clean.values.device.type]

    def scores(self, x: Tensor, rows: Tensor) -> Tensor:
        """Return float[n, classes] for perturbations of some rows."""
        self.counter.forwards += len(x)
        at, clean = self.route.at_defence(x, rows_of(self.clean, rows))
        return self.route.scores(at, clean)


@dataclass
class Defended:
    """The averaged network; ``is_random`` when every call draws its directions anew."""

    route: Route
    clean: Signal
    defence: PostAveraging
    directions: Directions
    is_random: bool
    block: int
    """rows of a forward without gradient"""
    counter: Counter = field(default_factory=Counter)
    calls: int = 0
    """predictions made, each with a number of its own"""

    def rows_at_once(self) -> int:
        """Return how many examples one gradient holds."""
        return max(1, KEPT_ROWS[self.clean.values.device.type] // self.defence.points)

    def scores(self, x: Tensor, rows: Tensor) -> Tensor:
        """Return the averaged scores; votes have no gradient, their softmax average stands in."""
        points = self.points(x, rows)
        if torch.is_grad_enabled() and self.defence.domain == "votes":
            return torch.logsumexp(torch.log_softmax(points, 2), 1)
        return self.defence.averaged(points)

    def points(self, x: Tensor, rows: Tensor) -> Tensor:
        """Return the scores of every point of every prediction, float[n, points, classes]."""
        call, self.calls = self.calls, self.calls + 1
        self.counter.forwards += len(x) * self.defence.points
        at, clean = self.route.at_defence(x, rows_of(self.clean, rows))
        parts, size = [], len(x) * self.defence.points
        again = torch.is_grad_enabled() and size > KEPT_ROWS[x.device.type]
        for part in groups(len(x), self.defence.points, self._rows()):
            drawn = [self.directions(int(row), call) for row in rows[part]]
            around = self.defence.around(at.values[part], torch.stack(drawn))
            index = torch.arange(part.start, part.stop, device=x.device)
            parts.append(
                self._forward(around, rows_of(at, index), rows_of(clean, index), again=again)
            )
        return torch.cat(parts)

    def _rows(self) -> int:
        if torch.is_grad_enabled():
            return GRADIENT_ROWS[self.clean.values.device.type]
        return self.block

    def _forward(self, around: Tensor, at: Signal, clean: Signal, *, again: bool) -> Tensor:
        """Return the scores of some examples' points, [n, points, classes]."""
        n, points = around.shape[:2]
        repeat = torch.arange(n, device=around.device).repeat_interleave(points)
        flat, at, clean = around.flatten(0, 1), rows_of(at, repeat), rows_of(clean, repeat)
        scores = []
        for first in range(0, len(flat), self._rows()):
            part = torch.arange(first, min(first + self._rows(), len(flat)), device=flat.device)
            run = partial(self._scores, rows_of(at, part), rows_of(clean, part))
            # Activations are made again for a gradient where those of all points would not fit.
            scores.append(_made_again(run, flat[part]) if again else run(flat[part]))
        return torch.cat(scores).reshape(n, points, -1)

    def _scores(self, at: Signal, clean: Signal, values: Tensor) -> Tensor:
        return self.route.scores(at.with_values(values), clean)


def _made_again(run: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
    # An early stop is an exception inside the network, which would be taken for its own.
    scores: Tensor = checkpoint(
        run, values, use_reentrant=False, preserve_rng_state=False, early_stop=False
    )
    return scores
