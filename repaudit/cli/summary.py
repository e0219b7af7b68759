"""What a command prints of an audit: the report on stdout, as wide as the terminal."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from repaudit.audit.audit import Audit


def print_summary(audit: Audit, files: Sequence[Path], *, quiet: bool, no_color: bool) -> None:
    """Print the text report, or its ending alone when ``quiet``."""
    if quiet:
        from repaudit.report.ending import ending

        end = ending(audit)
        typer.echo(f"{end.word}: {end.sentence}")
        return
    from repaudit.report.formats.text import WIDTH, render

    width = shutil.get_terminal_size((WIDTH, 24)).columns
    color = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    shown = render(audit, width=width, color=color, files=[str(path) for path in files])
    typer.echo(shown, nl=False, color=color)
