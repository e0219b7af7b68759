"""Tables as Markdown, LaTeX, HTML or CSV."""

from collections.abc import Mapping
from typing import Final

from repaudit._core.errors import InputError
from repaudit._core.text import closest
from repaudit.audit.audit import Audit
from repaudit.contract.results import Results
from repaudit.tables.check import Fresh
from repaudit.tables.csv_text import csv_text
from repaudit.tables.declared import declared_grid
from repaudit.tables.default import default_grids
from repaudit.tables.fit import fitted
from repaudit.tables.grid import Grid
from repaudit.tables.markers import marked
from repaudit.tables.measured import Audited
from repaudit.tables.templates import environment

TEMPLATES: Final = {
    "markdown": "table.md.j2",
    "latex": "table.tex.j2",
    "html": "table.html.j2",
}
FORMATS: Final = (*TEMPLATES, "csv")
"""Formats of a table."""


def render_table(
    results: Results, table_id: str | None, format: str, audit: Audit | None = None
) -> str:
    """Return a declared table, or with None all of them; a file without tables gets ours.

    Every certification table shows the certified object, the location of the noise, the gain
    policy, the certified function, sigma, the raw radius, the SNR of waveforms, and a footnote.
    An ``audit`` of the file adds what was measured, and the verdict. Markers around each table
    let ``repaudit table --check`` find it again in a paper.

    Raises ``ValueError`` for a format not in ``FORMATS`` and ``InputError`` for an unknown
    table, a cell that is not one claim, mixed coordinates, wrong words, or a file without values.
    """
    rendered = [table.text for table in fresh_tables(results, table_id, format, audit).values()]
    return "\n\n".join(text.rstrip("\n") for text in rendered) + "\n"


def fresh_tables(
    results: Results, table_id: str | None, format: str, audit: Audit | None = None
) -> Mapping[str, Fresh]:
    """Return the tables by name, rendered between their markers; raises as ``render_table``."""
    if format not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, found {format}")
    audited = None if audit is None else Audited.of(audit)
    found = {}
    for made in _grids(results, table_id, audited):
        grid, text = _rendered(made, format)
        whole = marked(text, grid.name, format, measured=audited is not None)
        found[grid.name] = Fresh(grid, whole, audited is not None)
    return found


def _rendered(grid: Grid, format: str) -> tuple[Grid, str]:
    """Return the table as it is shown, which LaTeX may need turned, and its text."""
    if format == "csv":
        return grid, csv_text(grid)
    template = environment(format).get_template(TEMPLATES[format])
    if format != "latex":
        return grid, template.render(table=grid)
    layout = fitted(grid)
    return layout.grid, template.render(table=layout.grid, layout=layout)


def _grids(results: Results, table_id: str | None, audited: Audited | None) -> list[Grid]:
    if table_id is not None and results.tables:
        if table_id not in results.tables:
            raise _unknown(table_id, list(results.tables))
        return [declared_grid(results, table_id, audited)]
    if results.tables:
        return [declared_grid(results, name, audited) for name in results.tables]
    grids = default_grids(results, audited)
    if not grids:
        raise InputError("evaluations", "a claim to show", "none")
    if table_id is None:
        return grids
    if table_id not in {grid.name for grid in grids}:
        raise _unknown(table_id, [grid.name for grid in grids])
    return [grid for grid in grids if grid.name == table_id]


def _unknown(table_id: str, names: list[str]) -> InputError:
    near = closest(table_id, names)
    suggestion = None if near is None else f"write {near}"
    return InputError("tables", f"one of {', '.join(names)}", table_id, suggestion)
