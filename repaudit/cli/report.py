"""``repaudit report``: an audit in another format."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.formats import outputs
from repaudit.cli.output import write_to


def report(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="The audit.json of an audit.")],
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="text, html, markdown, json, sarif, junit or github, to FILE or to stdout; "
            "repeatable.  [default: text]",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            dir_okay=False,
            help="Where a format without FILE goes, not to stdout.",
        ),
    ] = None,
) -> None:
    """Show an audit again, in any of its formats."""
    from repaudit.audit.load import load_audit
    from repaudit.check.outputs import rendered

    wanted = outputs("--format", form or ["text"])
    loaded = load_audit(audit)
    for one in wanted:
        write_to(one.path or output, rendered(loaded, one.format))
