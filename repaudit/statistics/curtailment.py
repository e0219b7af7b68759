"""Stop drawing for an example once its outcome is as good as known.

The outcome y of an example is 1 when its label is selected from the n0 draws and at least
``needed`` of the n certification draws vote for it. After t certification draws, f of them
failures (votes for anything else), the draws stop when

    accept y = 1   sup_p P(Bin(t, 1 - p) <= f) P(y = 0 | p) <= delta / (2 J)
    reject y = 1   sup_p P(Bin(t, 1 - p) >= f) P(y = 1 | p) <= delta / (2 J)

over the J looks, with P(y = 0 | p) <= P(Bin(n, p) < needed) + P(Bin(n0, p) <= n0 / 2) and
P(y = 1 | p) <= P(Bin(n, p) >= needed). "Few failures so far" falls and "y = 0" rises with every
further failure, so their probability together is at most the product [FKG]; the sum over looks
and both sides bounds the probability of any wrong decision by ``delta`` per example.

Units
    ``p`` is the probability that one draw gives the label; ``delta`` is per example.

References
    [FKG71] C. Fortuin, P. Kasteleyn, J. Ginibre, Correlation inequalities on some partially
    ordered sets, 1971; for independent draws [Harris60].
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from repaudit._core import special

FloatArray = NDArray[np.float64]
FIRST_LOOK = 16
"""Draws before the first look; every further look is half as many again."""
CELLS = 2000
"""Cells of p over which the supremum is taken, each bounded from above by its two ends: a
coarser grid only draws longer."""
_COARSE = 125
"""Cells for a first guess; their ends are among those of the fine ones."""
_SURE = 0.99
"""Probability from which a law is taken to be 1."""


@dataclass(frozen=True)
class Curtailment:
    """When the draws of an example may stop, at every look."""

    needed: int
    """Votes for the label among n that y = 1 needs; n + 1 cannot be reached."""
    looks: tuple[int, ...]
    """Certification draws made at each look; the last is n."""
    accept: tuple[int, ...]
    """Largest number of failures that accepts y = 1; -1 for none."""
    reject: tuple[int, ...]
    """Smallest number of failures that rejects y = 1; n + 1 for none."""

    def decide(self, look_index: int, failures: int) -> bool | None:
        """Return y when it may be taken as known, None when more draws are needed.

        ``failures`` counts the draws among the first ``looks[look_index]`` certification draws
        that did not give the label. None at the last look means that the n0 selection draws
        are needed; together with the n they give y exactly.

        Raises ``ValueError`` for a count outside 0..draws.
        """
        draws = self.looks[look_index]
        if not 0 <= failures <= draws:
            raise ValueError(f"failures: expected 0..{draws}, got {failures}")
        if failures <= self.accept[look_index]:
            return True
        if failures >= self.reject[look_index]:
            return False
        return None


def looks(n: int) -> tuple[int, ...]:
    """Return the numbers of draws after which an example is looked at: 16 * 1.5^j, and n.

    >>> looks(100)
    (16, 24, 36, 54, 81, 100)
    >>> len(looks(10_000))
    17
    """
    if n < 1:
        raise ValueError(f"n: expected at least 1 draw, got {n}")
    made: list[int] = []
    while (draws := FIRST_LOOK * 3 ** len(made) // 2 ** len(made)) < n:
        made.append(draws)
    return (*made, n)


@lru_cache(maxsize=256)
def curtailment(n0: int, n: int, needed: int, delta: float = 1e-7) -> Curtailment:
    """Return when the draws may stop for "selected, and at least ``needed`` of n votes".

    ``needed`` is in 1..n + 1; n + 1 cannot be reached, and is rejected at the first look. Any
    decision of an example is wrong with probability at most ``delta``.

    Raises ``ValueError`` for numbers outside their range.

    >>> once = curtailment(n0=100, n=10_000, needed=10_000)  # all n draws have to agree
    >>> once.decide(0, failures=1), once.decide(15, failures=0)
    (False, None)
    """
    if n0 < 1 or not 1 <= needed <= n + 1:
        raise ValueError(f"needed: expected 1..{n + 1} and n0 >= 1, got {needed} and {n0}")
    if not 0.0 < delta < 1.0:
        raise ValueError(f"delta: expected a number in (0, 1), got {delta}")
    at = looks(n)
    bounds = Bounds(n0, n, needed, delta / (2 * len(at)))
    return Curtailment(
        needed,
        at,
        tuple(bounds.accept(t) for t in at),
        tuple(bounds.reject(t) for t in at),
    )


class Bounds:
    """The largest and smallest numbers of failures that keep a decision below its error."""

    def __init__(self, n0: int, n: int, needed: int, error: float, cells: int = CELLS) -> None:
        """Cut the range of q = 1 - p into cells for each bound on the law of y."""
        self.n, self.needed, self.error = n, needed, error
        misses = n0 - n0 // 2

        def not_selected(q: FloatArray) -> FloatArray:
            return at_least(misses, n0, q)

        def zero(q: FloatArray) -> FloatArray:
            return np.minimum(at_least(n - needed + 1, n, q) + not_selected(q), 1.0)

        def one(q: FloatArray) -> FloatArray:
            return at_most(n - needed, n, q)

        sizes = sorted({min(_COARSE, cells), cells})
        self._zero = [_rising(zero, error, size) for size in sizes]
        self._not_selected = [_rising(not_selected, error, size) for size in sizes]
        self._one = [_falling(one, error, size) for size in sizes]

    def accept(self, t: int) -> int:
        """Return the largest number of failures in t draws that accepts, -1 for none."""

        def accepted(cells: Cells, failures: int) -> bool:
            return float(np.max(at_most(failures, t, cells.q) * cells.law)) <= self.error

        most = _largest(accepted, self._zero, t)
        if t < self.needed:
            return most
        # enough draws may have hit already, and then y = 0 only if the label is not selected
        return max(most, min(t - self.needed, _largest(accepted, self._not_selected, t)))

    def reject(self, t: int) -> int:
        """Return the smallest number of failures in t draws that rejects, n + 1 for none."""

        def rejected(cells: Cells, hits: int) -> bool:
            return float(np.max(at_least(t - hits, t, cells.q) * cells.law)) <= self.error

        fewest = min(t - _largest(rejected, self._one, t), self.n - self.needed + 1)
        return fewest if fewest <= t else self.n + 1


@dataclass(frozen=True)
class Cells:
    """Cells of q, the probability of a failure, that cover [0, 1]."""

    q: FloatArray
    """The end of each cell at which few (accept) or many (reject) failures are likeliest."""
    law: FloatArray
    """Largest value of the law of y on each cell, which is the one at its other end."""


def at_least(failures: int, draws: int, q: FloatArray) -> FloatArray:
    """Return P(Bin(draws, q) >= failures)."""
    if failures <= 0:
        return np.ones_like(q)
    if failures > draws:
        return np.zeros_like(q)
    return np.asarray(special.betainc(failures, draws - failures + 1.0, q))


def at_most(failures: int, draws: int, q: FloatArray) -> FloatArray:
    """Return P(Bin(draws, q) <= failures)."""
    if failures < 0:
        return np.zeros_like(q)
    if failures >= draws:
        return np.ones_like(q)
    return np.asarray(special.betaincc(failures + 1.0, float(draws - failures), q))


Law = Callable[[FloatArray], FloatArray]


def _rising(law: Law, error: float, size: int) -> Cells:
    """Cut [0, 1] finely where a law that rises with q is between ``error`` and sure."""
    q = np.sin(_edges(law(np.sin(_THETA) ** 2), error, size)) ** 2
    return Cells(q[:-1], law(q[1:]))


def _falling(law: Law, error: float, size: int) -> Cells:
    """Do the same for a law that falls with q."""
    theta = np.pi / 2.0 - _edges(law(np.cos(_THETA) ** 2), error, size)
    q = np.sin(theta) ** 2
    return Cells(q[:-1], law(q[1:]))


def _edges(values: FloatArray, error: float, size: int) -> FloatArray:
    """Return increasing angles from 0 to pi / 2, given a law's rising values on ``_THETA``."""
    below, sure = np.flatnonzero(values <= error), np.flatnonzero(values >= _SURE)
    start = _THETA[below[-1]] if below.size else 0.0
    end = _THETA[sure[0]] if sure.size else np.pi / 2.0
    fine = np.linspace(start, end, size + 1)
    return np.concatenate([[0.0], fine, [np.pi / 2.0]])


_THETA = np.linspace(0.0, np.pi / 2.0, 4001)


def _largest(holds: Callable[[Cells, int], bool], grids: list[Cells], most: int) -> int:
    """Return the largest count in -1..most that holds; holding counts are the small ones."""
    low, high = -1, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(grids[0], middle) else (low, middle - 1)
    while low < most and holds(grids[-1], low + 1):
        low += 1
    return low
