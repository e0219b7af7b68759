"""The tables of a paper, held against the results file that they were made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from repaudit._core.errors import InputError
from repaudit.tables.grid import Grid
from repaudit.tables.markers import Block, blocks_of
from repaudit.tables.read import Row, notes_text, rows_of


class Difference(NamedTuple):
    """One cell that says something else."""

    line: int
    """1-based, in the paper"""
    cell: str
    """table, row and column in words"""
    found: str
    expected: str


@dataclass(frozen=True)
class Fresh:
    """A table as it should stand in the paper."""

    grid: Grid
    text: str
    """with its markers"""
    measured: bool


def differences(text: str, format: str, fresh: Mapping[str, Fresh], file: str) -> list[Difference]:
    """Return every cell of the marked tables that does not equal the results file.

    Emphasis and blanks do not count, everything else between the rules of a table does, and so
    do the notes under it. Raises ``InputError`` for a text without a marked table, a marker of a
    table that the results file does not have, and one with or without the columns of an audit
    that the other has not.
    """
    lines = text.splitlines()
    return [
        difference
        for block in wanted_blocks(lines, fresh, file)
        for difference in _of_block(block, lines, format, fresh[block.name])
    ]


def updated(text: str, format: str, fresh: Mapping[str, Fresh], file: str) -> str:
    """Return the text with every table that differs written anew; the others are not touched."""
    lines = text.splitlines(keepends=True)
    plain = text.splitlines()
    ending = "\r\n" if "\r\n" in text else "\n"
    for block in reversed(wanted_blocks(plain, fresh, file)):
        if any(_of_block(block, plain, format, fresh[block.name])):
            written = fresh[block.name].text.split("\n")
            after = lines[block.last][len(plain[block.last]) :]
            lines[block.first : block.last + 1] = [ending.join(written) + after]
    return "".join(lines)


def wanted_blocks(lines: list[str], fresh: Mapping[str, Fresh], file: str) -> list[Block]:
    """Return the marked tables, each one that the results file has."""
    blocks = blocks_of(lines, file)
    if not blocks:
        marker = "a table between its marker comments"
        raise InputError(file, marker, "none", "paste the output of repaudit table, comments too")
    for block in blocks:
        where = f"{file}:{block.first + 1}"
        if block.name not in fresh:
            raise InputError(where, f"one of {', '.join(fresh)}", f"table {block.name}")
        if block.measured != fresh[block.name].measured:
            kinds = {True: "an audit.json", False: "a results file"}
            found = f"a table of {kinds[block.measured]}"
            raise InputError(where, f"a table of {kinds[not block.measured]}", found)
    return blocks


def _of_block(
    block: Block, lines: Sequence[str], format: str, fresh: Fresh
) -> Iterator[Difference]:
    text = "\n".join(lines[block.first : block.last + 1])
    found, expected = rows_of(text, format), rows_of(fresh.text, format)
    grid, first = fresh.grid, block.first + 1
    if len(found) != len(expected):
        shape = f"{len(expected)} rows with the header"
        yield Difference(first, f"table {grid.name}", f"{len(found)} rows", shape)
        return
    for number, (here, there) in enumerate(zip(found, expected, strict=True)):
        yield from _of_row(grid, number, here, there, first)
    said = notes_text(text)
    for note in _notes(fresh, format):
        if note not in said:
            yield Difference(block.last + 1, f"table {grid.name}, notes", "none", note)


def _of_row(grid: Grid, number: int, here: Row, there: Row, first: int) -> Iterator[Difference]:
    label = "header" if number == 0 else f"row {grid.rows[number - 1][0] or number}"
    line = first + here.line
    if len(here.cells) != len(there.cells):
        counts = (f"{len(row.cells)} cells" for row in (here, there))
        yield Difference(line, f"table {grid.name}, {label}", *counts)
        return
    for i, (found, expected) in enumerate(zip(here.cells, there.cells, strict=True)):
        if found != expected:
            column = grid.header[i] or str(i + 1)
            cell = f"table {grid.name}, {label}, column {column}"
            yield Difference(line, cell, found or "nothing", expected or "nothing")


def _notes(fresh: Fresh, format: str) -> list[str]:
    """Return the notes as the format writes them: the text behind the rows, line by line."""
    last = {"latex": r"\bottomrule", "html": "</tbody>"}.get(format)
    if last is None:
        lines = fresh.text.splitlines()[rows_of(fresh.text, format)[-1].line + 1 :]
    else:
        lines = fresh.text.partition(last)[2].splitlines()
    return [said for line in lines[:-1] if (said := notes_text(line)) and _is_words(said)]


def _is_words(line: str) -> bool:
    """Whether a line says something, beside markup of the format's own."""
    return not line.startswith(("\\", "<t", "</", "<u", "|"))
