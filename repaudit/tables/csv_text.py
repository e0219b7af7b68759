"""A table as comma-separated values, for a spreadsheet or a script (RFC 4180).

Caption and notes are lines of one cell that begins with ``# ``, which readers skip as comments.
"""

import csv
import re
from io import StringIO

from repaudit._core.text import visible
from repaudit.tables.grid import Grid

_FORMULA = re.compile(r"^[=@+\-\t]")
_NUMBER = re.compile(r"^[+-]?(\d|\.\d)")


def csv_text(grid: Grid) -> str:
    """Return caption, header, rows and notes."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"# {_plain(grid.caption)}"])
    for row in (grid.header, *grid.rows):
        writer.writerow([_cell(cell) for cell in row])
    for note in grid.notes:
        writer.writerow([f"# {_plain(note)}"])
    return out.getvalue()


def _plain(text: str) -> str:
    return visible(" ".join(text.splitlines()))


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    plain = _plain(text)
    return f"'{plain}" if _FORMULA.match(plain) and not _NUMBER.match(plain) else plain
