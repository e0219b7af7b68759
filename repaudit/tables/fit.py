"""A table made to fit a page of LaTeX, which does not wrap a cell by itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, NamedTuple

from repaudit.tables.grid import Grid
from repaudit.tables.widths import text_width, word_width

LINE: Final = 345.0
r"""Points of \\linewidth in a one-column article."""
_FEWEST: Final = 3
"""Rows of a table from which on a fact that they share is said once, below."""


class Size(NamedTuple):
    """A size of type and what goes with it."""

    name: str
    scale: float
    """of a width at 10 points"""
    gap: float
    r"""\\tabcolsep, points"""


SIZES: Final = (Size("small", 0.926, 6.0), Size("footnotesize", 0.851, 4.0))
SMALLEST: Final = Size("scriptsize", 0.82, 3.0)
"""For the tables that no other size makes fit."""


@dataclass(frozen=True)
class Layout:
    """How a table stands on the page."""

    grid: Grid
    size: Size
    widths: tuple[float, ...] = ()
    """of the columns, as fractions of a line, where cells have to wrap; empty: their own"""

    @property
    def lines(self) -> int:
        """Lines of type that the table and its notes take, about."""
        room = [width * LINE for width in self.widths] or [LINE] * len(self.grid.header)
        rows = (
            max(_lines(cell, width, self.size) for cell, width in zip(row, room, strict=True))
            for row in (self.grid.header, *self.grid.rows)
        )
        return sum(rows) + sum(_lines(note, LINE, SIZES[-1]) for note in self.grid.notes)


def fitted(grid: Grid) -> Layout:
    """Return the layout that fits a line, in the largest type, with the fewest lines.

    A table that fits as it is stays as it is. Else its cells wrap; or the words that all rows
    share are said once, in a note; or the table is turned, so that its columns are rows: a table
    of two evaluations and twelve quantities then has three columns. Every cell stays what it is.
    One that fits in no way is set as narrow as it goes.
    """
    grids = (grid, *_noted(grid), turned(grid))
    for size in (*SIZES, SMALLEST):
        if _needed(grid, text_width, size) <= LINE:
            return Layout(grid, size)
        if found := list(_layouts(grids, size)):
            return min(found, key=lambda layout: layout.lines)
    best = min(grids, key=lambda candidate: _needed(candidate, word_width, SMALLEST))
    return Layout(best, SMALLEST, _widths(best, SMALLEST))


def turned(grid: Grid) -> Grid:
    """Return the table with rows for columns; the first column's labels are the header."""
    header = (grid.header[0], *(row[0] for row in grid.rows))
    rows = tuple(
        (grid.header[j], *(row[j] for row in grid.rows)) for j in range(1, len(grid.header))
    )
    return replace(grid, header=header, rows=rows, texts=1)


def _noted(grid: Grid) -> Iterator[Grid]:
    """Yield the table with the words that all its rows share in a note, if there are any."""
    columns = list(zip(*grid.rows, strict=True))
    shared = [j for j in range(1, grid.texts) if len(set(columns[j])) == 1]
    if len(grid.rows) < _FEWEST or not shared:
        return
    left = [j for j in range(len(columns)) if j not in shared]
    said = "; ".join(f"{grid.header[j]}: {columns[j][0]}" for j in shared)
    yield replace(
        grid,
        header=tuple(grid.header[j] for j in left),
        rows=tuple(tuple(row[j] for j in left) for row in grid.rows),
        texts=grid.texts - len(shared),
        notes=(f"Of every row: {said}.", *grid.notes),
    )


def _layouts(grids: tuple[Grid, ...], size: Size) -> Iterator[Layout]:
    for grid in grids:
        if _needed(grid, text_width, size) <= LINE:
            yield Layout(grid, size)
        elif _needed(grid, word_width, size) <= LINE:
            yield Layout(grid, size, _widths(grid, size))


def _widths(grid: Grid, size: Size) -> tuple[float, ...]:
    """Return the width of each column as a fraction of the line: its words, then what is left."""
    words, wholes = (_columns(grid, measure, size) for measure in (word_width, text_width))
    left = LINE - _gaps(grid, size) - sum(words)
    wishes = [whole - word for whole, word in zip(wholes, words, strict=True)]
    share = min(1.0, max(left, 0.0) / max(sum(wishes), 1.0))
    sizes = [word + share * wish for word, wish in zip(words, wishes, strict=True)]
    return tuple(round(width / LINE, 4) for width in sizes)


def _needed(grid: Grid, measure: Callable[[str], float], size: Size) -> float:
    return sum(_columns(grid, measure, size)) + _gaps(grid, size)


def _gaps(grid: Grid, size: Size) -> float:
    """Return the blanks between columns; at both ends there is none."""
    return 2 * size.gap * (len(grid.header) - 1)


def _columns(grid: Grid, measure: Callable[[str], float], size: Size) -> list[float]:
    lines = (grid.header, *grid.rows)
    return [size.scale * max(map(measure, column)) for column in zip(*lines, strict=True)]


def _lines(text: str, room: float, size: Size) -> int:
    return max(1, ceil(size.scale * text_width(text) / max(room, 1.0)))
