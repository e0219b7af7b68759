"""``repaudit badge``: an audit's level and ending as a picture for a README."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.output import write_to


def badge(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="The audit.json of an audit.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Draw a badge with the level reached and the ending."""
    from repaudit.audit.load import load_audit
    from repaudit.report.badge import render_badge

    write_to(output, render_badge(load_audit(audit)))
