"""``repaudit table``: tables that are compliant by construction."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.output import write_to


class Format(Enum):
    """Formats of a table."""

    MARKDOWN = "markdown"
    LATEX = "latex"


def table(
    path: Annotated[Path, typer.Argument(metavar="RESULTS", help="The results file.")],
    form: Annotated[
        Format, typer.Option("--format", metavar="markdown|latex", help="What to write.")
    ] = Format.MARKDOWN,
    name: Annotated[
        str | None, typer.Option("--table", metavar="ID", help="One declared table, not all.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Print a results file's tables with all that they certify."""
    from repaudit.contract.load import load_results
    from repaudit.tables.render import render_table

    results, _ = load_results(path)
    text = render_table(results, name, form.value)
    write_to(output, text)
