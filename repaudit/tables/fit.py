"""A table made to fit a page of LaTeX, which does not wrap a cell by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from repaudit.tables.grid import Grid

LINE: Final = 72
r"""Characters of \small in the 345 pt of an article's line, as the tables of the examples have."""
GAP: Final = 2.6
r"""Characters that \tabcolsep takes, on both sides of a column together."""


def fitted(grid: Grid) -> Grid:
    """Return the table as it is when it fits, else with widths to wrap in, turned if that helps.

    Turned, the columns are rows: a table of two evaluations and twelve quantities then has three
    columns. Every cell stays what it is.
    """
    if _needed(grid, _longest) <= LINE:
        return grid
    candidates = (grid, turned(grid))
    least = [_needed(candidate, _word) for candidate in candidates]
    best = candidates[0] if least[0] <= max(LINE, least[1]) else candidates[1]
    return replace(best, widths=_widths(best))


def turned(grid: Grid) -> Grid:
    """Return the table with rows for columns; the first column's labels are the header."""
    header = (grid.header[0], *(row[0] for row in grid.rows))
    rows = tuple(
        (grid.header[j], *(row[j] for row in grid.rows)) for j in range(1, len(grid.header))
    )
    return replace(grid, header=header, rows=rows, texts=1)


def _widths(grid: Grid) -> tuple[float, ...]:
    """Return the width of each column as a fraction of the line: its words, then what is left."""
    words, wholes = (_columns(grid, measure) for measure in (_word, _longest))
    left = LINE - GAP * len(words) - sum(words)
    wishes = [whole - word for whole, word in zip(wholes, words, strict=True)]
    share = min(1.0, max(left, 0.0) / max(sum(wishes), 1))
    sizes = [word + share * wish for word, wish in zip(words, wishes, strict=True)]
    return tuple(round(size / LINE, 3) for size in sizes)


def _needed(grid: Grid, measure: Callable[[str], int]) -> float:
    return sum(_columns(grid, measure)) + GAP * len(grid.header)


def _columns(grid: Grid, measure: Callable[[str], int]) -> list[int]:
    lines: Sequence[tuple[str, ...]] = (grid.header, *grid.rows)
    return [max(measure(line[j]) for line in lines) for j in range(len(grid.header))]


def _longest(text: str) -> int:
    return len(text)


def _word(text: str) -> int:
    return max((len(word) for word in text.split()), default=1)
