"""What a command prints of an audit: the report on stdout, as wide as the terminal."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from repaudit.audit.audit import Audit
from repaudit.cli.output import write


def print_summary(audit: Audit, files: Sequence[Path], *, quiet: bool, no_color: bool) -> None:
    """Print the text report, or its ending alone when ``quiet``."""
    if quiet:
        from repaudit.report.ending import ending

        end = ending(audit)
        write(f"{end.word}: {end.sentence}\n")
        return
    from repaudit.report.formats.text import WIDTH, render

    width = shutil.get_terminal_size((WIDTH, 24)).columns
    color = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    shown = render(audit, width=width, color=color, files=[str(path) for path in files])
    write(shown, color=color)
