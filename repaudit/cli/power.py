"""``repaudit power``: what an audit could detect, before it is run."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.arguments import Roots, folders, named
from repaudit.cli.output import write_to


class Format(Enum):
    """Formats of a power analysis."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def power(
    path: Annotated[
        Path, typer.Argument(metavar="PLAN", help="A plan, or a finished results file.")
    ],
    form: Annotated[
        Format, typer.Option("--format", metavar="text|markdown|json", help="What to write.")
    ] = Format.TEXT,
    margin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAMILY=SIZE",
            help="What counts as a difference: accuracy=2; moves the cost; repeatable.",
        ),
    ] = None,
    root: Roots = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Say what an audit of this size could detect, and its cost."""
    from repaudit.check.power import power as analyse
    from repaudit.report.power import render_power

    found = analyse(path, named("--margin", margin), folders("--root", root))
    write_to(output, render_power(found, form.value))
