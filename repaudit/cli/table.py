"""``repaudit table``: tables that are compliant by construction."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class Format(Enum):
    """Formats of a table."""

    MARKDOWN = "markdown"
    LATEX = "latex"


def table(
    path: Annotated[Path, typer.Argument(help="The results file.")],
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MARKDOWN,
    name: Annotated[
        str | None, typer.Option("--table", metavar="ID", help="One declared table; default: all.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: stdout.")
    ] = None,
) -> None:
    """Print a results file's tables with what they certify, whatever else they select."""
    from repaudit.check.outputs import write_text
    from repaudit.contract.load import load_results
    from repaudit.tables.render import render_table

    results, _ = load_results(path)
    text = render_table(results, name, form.value)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
