"""Tables as Markdown or LaTeX."""

from typing import Final

from repaudit._core.errors import InputError
from repaudit._core.text import closest
from repaudit.contract.results import Results
from repaudit.tables.declared import declared_grid
from repaudit.tables.default import default_grids
from repaudit.tables.grid import Grid
from repaudit.tables.templates import environment

TEMPLATES: Final = {"markdown": "table.md.j2", "latex": "table.tex.j2"}
"""Formats of a table."""


def render_table(results: Results, table_id: str | None, format: str) -> str:
    """Return a declared table, or with None all of them; a file without tables gets ours.

    Every certification table shows the certified object, the location of the noise, the gain
    policy, the certified function, sigma, the raw radius, the SNR of waveforms, and a footnote.

    Raises ``ValueError`` for a format not in ``TEMPLATES`` and ``InputError`` for an unknown
    table, a cell that is not one claim, mixed coordinates, wrong words, or a file without values.
    """
    if format not in TEMPLATES:
        raise ValueError(f"expected one of {', '.join(TEMPLATES)}, found {format}")
    template = environment(format).get_template(TEMPLATES[format])
    rendered = [template.render(table=grid).strip() for grid in _grids(results, table_id)]
    return "\n\n".join(rendered) + "\n"


def _grids(results: Results, table_id: str | None) -> list[Grid]:
    if table_id is not None:
        if table_id not in results.tables:
            near = closest(table_id, results.tables)
            known = ", ".join(results.tables) or "none: the file declares no table"
            raise InputError("tables", f"one of {known}", table_id, near and f"write {near}")
        return [declared_grid(results, table_id)]
    if results.tables:
        return [declared_grid(results, name) for name in results.tables]
    grids = default_grids(results)
    if not grids:
        raise InputError("evaluations", "a claim to show", "none")
    return grids
