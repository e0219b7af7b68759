"""Standard output: what a command was asked for, and nothing else."""

import os
import sys
from pathlib import Path

import typer

from repaudit._core.errors import InputError


def write(text: str, *, color: bool = False) -> None:
    """Write to standard output; a reader that has read enough ends nothing.

    Raises ``InputError`` when it cannot be written, such as to a full disk.
    """
    try:
        typer.echo(text, nl=False, color=color)
    except OSError as error:
        _discard_the_rest()
        if not isinstance(error, BrokenPipeError):
            found = str(error.strerror).lower()
            raise InputError("standard output", "a place to write", found) from None


def write_to(path: Path | None, text: str) -> None:
    """Write a file, or to standard output without a ``path``."""
    from repaudit.check.outputs import write_text

    if path is None:
        write(text)
    else:
        write_text(path, text)


def _discard_the_rest() -> None:
    """Let what is still buffered go nowhere, or Python would complain of it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
