"""The radii of one evaluation as bars, with those at the ceiling beside it."""

from dataclasses import dataclass

from repaudit.audit.figures import Figures
from repaudit.report.figures.axis import SIZE, pixels
from repaudit.report.figures.curve import extent
from repaudit.report.numbers import grouped, number

_LOWEST = 0.02
"""A bar lower than this share of the plot could not be seen."""


@dataclass(frozen=True)
class Column:
    """A bar, in units of the plot."""

    x: float
    width: float
    y: float
    height: float
    kind: str
    """right or wrong"""


@dataclass(frozen=True)
class HistogramView:
    """One plot, ready for the template; its radius axis is that of the curve above."""

    columns: list[Column]
    at_ceiling: list[Column]
    most: str
    """examples at the top of the plot"""
    rows: list[tuple[str, str, str]]
    """range of radii, certified right, certified wrong"""
    words: str
    title: str


def histogram_view(figures: Figures) -> HistogramView | None:
    """Return the histogram of an evaluation, None when there is none."""
    histogram, right = figures.histogram, extent(figures)
    if histogram is None or right <= 0.0:
        return None
    stacks = list(zip(histogram.right, histogram.wrong, strict=True))
    ceiling = (histogram.right_at_ceiling, histogram.wrong_at_ceiling)
    most = max([a + b for a, b in [*stacks, ceiling]], default=0)
    if most == 0:
        return None
    width = pixels((histogram.edges[1] - histogram.edges[0]) / right)
    columns = [
        column
        for edge, stack in zip(histogram.edges[:-1], stacks, strict=True)
        for column in _stacked(pixels(edge / right), width, stack, most)
    ]
    end = pixels(histogram.edges[-1] / right)
    words = (
        f"{grouped(sum(ceiling))} at the ceiling, {grouped(sum(a + b for a, b in stacks))} below "
        f"it, {grouped(histogram.abstained)} abstain"
    )
    return HistogramView(
        columns=columns,
        at_ceiling=list(_stacked(end, min(width, SIZE - end), ceiling, most)),
        most=grouped(most),
        rows=_rows(histogram.edges, stacks, ceiling, histogram.abstained),
        words=words,
        title=f"{figures.evaluation}: certified radii, {words}",
    )


def _stacked(x: float, width: float, stack: tuple[int, int], most: int) -> list[Column]:
    """Return the bars of right and wrong examples, one upon the other."""
    found, top = [], SIZE
    for kind, examples in zip(("right", "wrong"), stack, strict=True):
        if examples:
            height = pixels(max(examples / most * 0.97, _LOWEST))
            top = round(top - height, 1)
            found.append(Column(x, width, top, height, kind))
    return found


def _rows(
    edges: list[float], stacks: list[tuple[int, int]], ceiling: tuple[int, int], abstained: int
) -> list[tuple[str, str, str]]:
    size = edges[1]
    shown = [
        (f"{number(a, size)} to {number(b, size)}", grouped(right), grouped(wrong))
        for a, b, (right, wrong) in zip(edges[:-1], edges[1:], stacks, strict=True)
        if right or wrong
    ]
    last = (f"the ceiling, {number(edges[-1], size)}", grouped(ceiling[0]), grouped(ceiling[1]))
    return [("abstains", grouped(abstained), ""), *shown, last]
