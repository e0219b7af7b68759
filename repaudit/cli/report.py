"""``repaudit report``: an audit in another format."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.output import write_to


class Format(Enum):
    """Formats of a report."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


def report(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="The audit.json of an audit.")],
    form: Annotated[
        Format, typer.Option("--format", metavar="text|html|markdown|json", help="What to write.")
    ] = Format.TEXT,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Show an audit again, in any of its formats."""
    from repaudit.audit.load import load_audit
    from repaudit.report.formats import render_audit

    text = render_audit(load_audit(audit), form.value)
    write_to(output, text)
