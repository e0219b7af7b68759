"""Post-averaging: the mean of a network over the input and points on lines through it.

    f_C(x) = mean of f over {x} and {x + lambda V_j}: j = 1..K, lambda = +-m r for each multiple m

V_j are normalised Gaussian directions; with three multiples and the centre that is 6K + 1 points.
What is averaged is declared: class probabilities (``softmax``, what the authors' code averages),
``logits`` (what the theory says) or the ``votes`` of the points; the three are three classifiers.

Units
    r in the coordinates after the defence's location.

Reference: Lin et al. 2019 (S2), eq. 5-8.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from repaudit.contract.attack import Defence
from repaudit.contract.base import stated
from repaudit.contract.task import Unsupported
from repaudit.rerun.noise import NormalSource, Stream

DOMAINS = ("softmax", "logits", "votes")
SCORES = frozenset({"softmax", "logits"})
"""Domains that average more than a class per point."""


@dataclass(frozen=True)
class PostAveraging:
    """A declared defence with every setting known."""

    directions: int
    """K"""
    offsets: tuple[float, ...]
    """lambda of every point of one direction, both signs"""
    includes_input: bool
    domain: str
    location: str
    randomness: str

    @property
    def points(self) -> int:
        """Forwards per prediction: 6K + 1 with three multiples and the centre."""
        return self.directions * len(self.offsets) + self.includes_input

    def around(self, x: Tensor, directions: Tensor) -> Tensor:
        """Return the points of a prediction.

        Shapes
            x           float[n, ...]
            directions  float[n, K, ...], or [1, K, ...] when all examples share them
            return      float[n, points, ...]; the input itself comes last
        """
        offsets = torch.tensor(self.offsets, dtype=x.dtype, device=x.device)
        shifts = directions.unsqueeze(2) * offsets.reshape(1, 1, -1, *[1] * (x.dim() - 1))
        points = x.unsqueeze(1) + shifts.flatten(1, 2)
        return torch.cat([points, x.unsqueeze(1)], 1) if self.includes_input else points

    def averaged(self, scores: Tensor) -> Tensor:
        """Return what decides the class, in the declared domain: float[n, classes]."""
        return average(scores, self.domain)


def average(scores: Tensor, domain: str) -> Tensor:
    """Return the average over the points in one domain.

    Shapes
        scores  float[n, points, classes], logits or logarithms of probabilities
        return  float[n, classes]: logarithm of the mean probability, mean logit, or share of
                votes; the largest entry is the class, and the first two have a gradient

    >>> scores = torch.tensor([[[0.0, 9.0], [1.0, 0.0], [1.0, 0.0]]])
    >>> [int(average(scores, domain).argmax()) for domain in DOMAINS]
    [1, 1, 0]
    """
    if domain == "softmax":
        return torch.logsumexp(torch.log_softmax(scores, 2), 1) - math.log(scores.shape[1])
    if domain == "logits":
        return scores.mean(1)
    votes = torch.nn.functional.one_hot(scores.argmax(2), scores.shape[2])
    void = ~torch.isfinite(scores).all(2, keepdim=True)
    return votes.masked_fill(void, 0).to(scores.dtype).mean(1)


def post_averaging(defence: Defence, output: str) -> PostAveraging:
    """Return a declared defence of a network with that kind of output.

    Raises ``UnstatedError`` for an open setting, ``Unsupported`` for the average of scores that
    the network does not put out.
    """
    domain = stated(defence.domain, "defence.domain")
    if output == "class" and domain in SCORES:
        raise Unsupported(f"the network puts out classes, so no {domain} can be averaged")
    radius = float(stated(defence.radius, "defence.radius"))
    multiples = [float(m) for m in stated(defence.steps, "defence.steps")]
    return PostAveraging(
        directions=stated(defence.directions, "defence.directions"),
        offsets=tuple(sign * m * radius for m in multiples for sign in (1.0, -1.0)),
        includes_input=stated(defence.includes_input, "defence.includes_input"),
        domain=domain,
        location=stated(defence.location, "defence.location"),
        randomness=stated(defence.randomness, "defence.randomness"),
    )


def unit_directions(
    source: NormalSource, stream: Stream, block: int, count: int, like: Tensor
) -> Tensor:
    """Return ``count`` directions of length 1 on the sphere, [count, ...], keyed by the stream.

    ``like`` is one example, [...], of the dtype and on the device wanted.
    """
    draws = torch.empty((count, *like.shape), dtype=like.dtype, device=like.device)
    flat = source.fill(draws, stream.key(block)).flatten(1)
    directions: Tensor = flat / torch.linalg.vector_norm(flat, dim=1, keepdim=True)
    return directions.reshape(draws.shape)


def groups(examples: int, points: int, rows: int) -> Iterator[slice]:
    """Yield consecutive examples of which about ``rows`` points are computed at once.

    >>> [(part.start, part.stop) for part in groups(5, 91, 200)]
    [(0, 2), (2, 4), (4, 5)]
    """
    size = max(1, rows // points)
    for first in range(0, examples, size):
        yield slice(first, min(first + size, examples))
