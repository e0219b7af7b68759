"""The columns of the tables, and what a column's numbers have in common."""

from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.statement import TableLine


@dataclass(frozen=True)
class Cell:
    """One number of a column, and the row that it stands in."""

    placed: Matched
    row: TableLine

    def says(self, field: str) -> bool:
        """Whether the row names this part of the definition, so that a reader sees it."""
        return getattr(self.row.select, field) is not None


def columns_of(results: Results) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the pointer and the cells of every column that prints values."""
    for name, table in results.tables.items():
        for i, column in enumerate(table.columns):
            cells = [
                Cell(placed, row)
                for row in table.rows
                if "sigma" not in (row.show, column.show)
                for placed in _of_cell(results, table.select, row, column)
            ]
            yield pointer_of(["tables", name, "columns", i]), cells


def _of_cell(
    results: Results, select: Select | None, row: TableLine, column: TableLine
) -> Iterator[Matched]:
    return matching_claims(results, select, row.select, column.select)
