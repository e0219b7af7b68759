"""A table as its author declared it, completed."""

from collections.abc import Sequence

from repaudit._core.errors import InputError
from repaudit.contract.evaluation import Certification, Geometry
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.statement import Table, TableLine
from repaudit.tables.attacks import attack_columns
from repaudit.tables.cell import cell_claim, cell_text
from repaudit.tables.facts import Coordinates
from repaudit.tables.forced import (
    forced_columns,
    forced_scales,
    is_uniform,
    shown_coordinates,
)
from repaudit.tables.grid import Grid
from repaudit.tables.measured import Audited
from repaudit.tables.notes import column_note, notes_of
from repaudit.tables.refusals import refuse_mixed, refuse_waveform_words
from repaudit.tables.words import unit_sign


def declared_grid(results: Results, name: str, audited: Audited | None = None) -> Grid:
    """Return table ``name`` of the file with the forced columns and the footnote.

    ``audited``  adds a column behind each of the author's: what we measured, and the verdict

    Raises ``InputError`` for a cell that is not one claim, for mixed coordinates, and for words
    that claim a waveform certificate where none is shown.
    """
    table, where = results.tables[name], f"tables/{name}"
    cells = [[cell_claim(results, name, row, col) for col in table.columns] for row in table.rows]
    shown = [matched for line in cells for matched in line]
    coordinates = shown_coordinates(results, shown)
    columns = _transposed(cells)
    # Where the columns are evaluations, a row is what a column is elsewhere.
    has_forced_rows = is_uniform(columns) and not is_uniform(cells)
    refuse_mixed(results, table, cells, where, by_row=has_forced_rows)
    refuse_waveform_words(results, table, cells, where)
    header, body = _shown_cells(table, cells, where)
    picked = any(line.pick for line in (*table.rows, *table.columns))
    notes = (
        *(column_note(head, line) for head, line in zip(header, columns, strict=True)),
        *notes_of(results, shown, coordinates, picked),
        *([audited.note] if audited is not None else []),
    )
    if audited is not None:
        header, body, columns = _with_measured(table, cells, header, body, audited)
    if not coordinates:
        named = [("", [row.label for row in table.rows])]
        attacks = attack_columns(results, cells)
        return _grid(name, table, [*named, *attacks], [], header, body, notes)
    if has_forced_rows:
        labels, body = _forced_rows(results, table, columns, body, coordinates)
        return _grid(name, table, [("", labels)], [], header, body, notes)
    words = [("", [row.label for row in table.rows]), *forced_columns(results, cells, coordinates)]
    scales = forced_scales(results, cells, coordinates)
    return _grid(name, table, words, scales, header, body, notes)


def _forced_rows(
    results: Results,
    table: Table,
    columns: Sequence[Sequence[Matched]],
    body: Sequence[list[str]],
    coordinates: Sequence[Coordinates],
) -> tuple[list[str], list[list[str]]]:
    """Return labels and cells of a table whose columns are evaluations: forced facts are rows."""
    top = forced_columns(results, columns, coordinates)
    below = forced_scales(results, columns, coordinates)
    labels = [row.label for row in table.rows]
    return (
        [*(head for head, _ in top), *labels, *(head for head, _ in below)],
        [*(texts for _, texts in top), *body, *(texts for _, texts in below)],
    )


def _with_measured(
    table: Table,
    cells: Sequence[Sequence[Matched]],
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    audited: Audited,
) -> tuple[list[str], list[list[str]], list[list[Matched]]]:
    """Return header, cells and claims by column, with a measured column behind each of claims."""
    heads: list[str] = []
    lines: list[list[str]] = [[] for _ in body]
    columns: list[list[Matched]] = []
    for j, (column, claims) in enumerate(zip(table.columns, _transposed(cells), strict=True)):
        # A column of sigmas is a setting, and settings are not measured.
        is_value = column.show != "sigma"
        heads += [header[j], f"{header[j]}, measured"][: 1 + is_value]
        columns += [claims] * (1 + is_value)
        for line, row, matched in zip(lines, body, claims, strict=True):
            line += [row[j], audited.text(matched)][: 1 + is_value]
    return heads, lines, columns


def _shown_cells(
    table: Table, cells: Sequence[Sequence[Matched]], where: str
) -> tuple[list[str], list[list[str]]]:
    """Return the author's columns as text: headers with the unit that a column shares, cells."""
    lines = zip(table.columns, _transposed(cells), strict=True)
    signs = [_sign(column, claims) for column, claims in lines]
    header = [_header(column, sign) for column, sign in zip(table.columns, signs, strict=True)]
    body = [
        [
            _text(matched, {row.show, column.show}, sign, where)
            for matched, column, sign in zip(line, table.columns, signs, strict=True)
        ]
        for line, row in zip(cells, table.rows, strict=True)
    ]
    return header, body


def _transposed(cells: Sequence[Sequence[Matched]]) -> list[list[Matched]]:
    return [list(column) for column in zip(*cells, strict=True)]


def _grid(
    name: str,
    table: Table,
    words: Sequence[tuple[str, Sequence[str]]],
    scales: Sequence[tuple[str, Sequence[str]]],
    header: Sequence[str],
    body: Sequence[Sequence[str]],
    notes: tuple[str, ...],
) -> Grid:
    rows = [
        (*(texts[i] for _, texts in words), *line, *(texts[i] for _, texts in scales))
        for i, line in enumerate(body)
    ]
    heads = (*(h for h, _ in words), *header, *(h for h, _ in scales))
    return Grid(name, table.caption, heads, tuple(rows), len(words), notes)


def _sign(column: TableLine, claims: Sequence[Matched]) -> str:
    """Return the unit that all cells of a column share, which then stands in its header."""
    if column.show == "sigma":
        return ""
    signs = {unit_sign(matched.claim) for matched in claims}
    return signs.pop() if len(signs) == 1 else ""


def _header(column: TableLine, sign: str) -> str:
    return column.label if not sign or sign in column.label else f"{column.label} ({sign})"


def _text(matched: Matched, show: set[str | None], sign: str, where: str) -> str:
    if "sigma" in show:
        if not isinstance(matched.evaluation, Certification | Geometry):
            raise InputError(where, "an evaluation with a sigma", matched.evaluation_id)
        return str(matched.evaluation.sigma)
    own = unit_sign(matched.claim)
    text = cell_text(matched.claim)
    return text if not own or own == sign else f"{text} {own}"
