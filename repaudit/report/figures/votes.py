"""The author's counts against ours, one square per cell of examples."""

from collections import Counter
from dataclasses import dataclass
from math import asin, log2, pi, sqrt

from repaudit.audit.figures import Figures
from repaudit.report.figures.axis import SIZE, Tick, percent, pixels
from repaudit.report.numbers import grouped

_LEVELS = 5
_LABELS = (0.0, 0.1, 0.5, 0.9, 1.0)


@dataclass(frozen=True)
class Cell:
    """A square, in units of the plot."""

    x: float
    y: float
    level: int
    """1 to 5, by the logarithm of the examples in it"""


@dataclass(frozen=True)
class VotesView:
    """One plot, ready for the template."""

    cells: list[Cell]
    size: float
    stripe: str
    """where 99 % of honest pairs lie"""
    ticks: list[Tick]
    rows: list[tuple[str, str]]
    """difference in cells, examples"""
    words: str
    title: str


def votes_view(figures: Figures) -> VotesView | None:
    """Return the counts of an evaluation, None without released and measured ones."""
    grid = figures.votes
    if grid is None:
        return None
    most = max(grid.examples)
    cells = [
        Cell(pixels(a / grid.bins), pixels(1.0 - (b + 1) / grid.bins), _level(examples, most))
        for a, b, examples in zip(grid.released, grid.measured, grid.examples, strict=True)
    ]
    total = sum(grid.examples)
    share = f"{100 * grid.outside / total:.2g} %"
    words = (
        f"{grouped(grid.outside)} of {grouped(total)} examples ({share}) lie outside the stripe, "
        f"which holds 99 % of honest pairs"
    )
    return VotesView(
        cells=cells,
        size=pixels(1.0 / grid.bins),
        stripe=_stripe(grid.half_width / grid.bins),
        ticks=[Tick(percent(asin(sqrt(p)) / (pi / 2.0)), f"{100 * p:g}") for p in _LABELS],
        rows=_rows(grid.released, grid.measured, grid.examples),
        words=words,
        title=f"{figures.evaluation}: votes for the true class, released against ours; {words}",
    )


def _level(examples: int, most: int) -> int:
    """Return 1 for a single example and 5 for the fullest cell.

    >>> _level(1, 1024), _level(1024, 1024)
    (1, 5)
    """
    if most <= 1:
        return _LEVELS
    return 1 + round((_LEVELS - 1) * log2(examples) / log2(most))


def _stripe(half: float) -> str:
    """Return the stripe around the diagonal as a closed path."""
    w = pixels(half)
    corners = [(0.0, SIZE), (0.0, SIZE - w), (SIZE - w, 0.0), (SIZE, 0.0), (SIZE, w), (w, SIZE)]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"


def _rows(released: list[int], measured: list[int], examples: list[int]) -> list[tuple[str, str]]:
    """Return how many examples lie how many cells off the diagonal."""
    found: Counter[int] = Counter()
    for a, b, number in zip(released, measured, examples, strict=True):
        found[a - b] += number
    return [(_off(d), grouped(found[d])) for d in sorted(found)]


def _off(difference: int) -> str:
    if difference == 0:
        return "same cell"
    return f"released {abs(difference)} {'higher' if difference > 0 else 'lower'}"
