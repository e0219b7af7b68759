"""``repaudit report``: an audit in another format."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer


class Format(Enum):
    """Formats of a report."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


def report(
    audit: Annotated[Path, typer.Argument(help="An audit.json.")],
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: stdout.")
    ] = None,
) -> None:
    """Render an audit again: text, HTML, Markdown or JSON."""
    from repaudit.audit.load import load_audit
    from repaudit.check.outputs import write_text
    from repaudit.report.formats import render_audit

    text = render_audit(load_audit(audit), form.value)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
