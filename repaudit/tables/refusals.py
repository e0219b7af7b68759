"""Tables that would mislead: two kinds of lengths under one header, the wrong words."""

import re
from collections.abc import Sequence

from repaudit._core.errors import InputError
from repaudit.contract.lengths import (
    Placed,
    first_mixed,
    length_coordinates,
    noise_coordinates,
)
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.statement import Table
from repaudit.tables.forced import shown_coordinates
from repaudit.tables.words import metric_words

_WAVEFORM_WORDS = re.compile(r"(waveform|audio|recording)[\s-]+(level\s+)?(robust|certif)", re.I)


def refuse_mixed(
    results: Results,
    table: Table,
    cells: Sequence[Sequence[Matched]],
    where: str,
    *,
    by_row: bool,
) -> None:
    """Refuse radii, SNRs, thresholds or sigmas of two spaces in one column.

    ``by_row``  rows are quantities and columns evaluations: no row may mix them either

    Raises ``InputError`` that names both lines. Shares at R > 0 may stand together.
    """
    lines = [("column", column, table.rows, "row") for column in table.columns]
    claims = _columns(cells)
    if by_row:
        lines += [("row", row, table.columns, "column") for row in table.rows]
        claims += [list(line) for line in cells]
    for (kind, line, others, other), shown in zip(lines, claims, strict=True):
        placed = (
            _placed(results, matched, "sigma" in (line.show, o.show), f"{other} {o.label}")
            for o, matched in zip(others, shown, strict=True)
        )
        if mixed := first_mixed(placed):
            raise _mixed(f"{where}, {kind} {line.label}", *mixed)


def _placed(results: Results, matched: Matched, is_sigma: bool, label: str) -> Placed:
    if is_sigma:
        return "sigma", noise_coordinates(results, matched), label
    return matched.claim.metric, length_coordinates(results, matched), label


def _mixed(where: str, what: str, one: Placed, other: Placed) -> InputError:
    return InputError(
        where,
        f"{metric_words(what)} in the coordinates of one object",
        " and ".join(f"{coordinates} in {label}" for _, coordinates, label in (one, other)),
        "select one of them here; give the other a line or a table of its own",
    )


def refuse_waveform_words(
    results: Results, table: Table, cells: Sequence[Sequence[Matched]], where: str
) -> None:
    """Refuse words for a waveform certificate where another object is certified.

    Raises ``InputError``.
    """
    everything = [matched for line in cells for matched in line]
    said = [
        (table.caption, everything),
        *((row.label, line) for row, line in zip(table.rows, cells, strict=True)),
        *((c.label, line) for c, line in zip(table.columns, _columns(cells), strict=True)),
    ]
    for text, shown in said:
        objects = [c.object for c in shown_coordinates(results, shown) if c.object != "waveform"]
        if objects and (found := _WAVEFORM_WORDS.search(text)):
            expected = f"words for a {objects[0]} certificate"
            raise InputError(where, expected, found[0], f"say {objects[0]} instead")


def _columns(cells: Sequence[Sequence[Matched]]) -> list[list[Matched]]:
    return [list(column) for column in zip(*cells, strict=True)]
