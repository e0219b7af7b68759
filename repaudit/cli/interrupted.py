"""Ctrl-C in a long run: what is finished stays, and the message says how to go on."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from repaudit._core.errors import RepauditError


class Interrupted(RepauditError):
    """A run that was stopped from the keyboard."""

    exit_code: ClassVar[int] = 130

    def __init__(self, journal: Path, command: str) -> None:
        self.journal, self.command = journal, command
        super().__init__(journal, command)

    def __str__(self) -> str:
        if not self.journal.is_dir():
            return "interrupted before anything was finished"
        kept = f"interrupted: finished work is kept in {self.journal}"
        return f"{kept}\n  Try: {self.command}"


@contextmanager
def resumable(journal: Path) -> Iterator[None]:
    """Turn Ctrl-C into ``Interrupted``, with the command line that goes on from ``journal``."""
    try:
        yield
    except KeyboardInterrupt:
        arguments = sys.argv[1:] if "--resume" in sys.argv else [*sys.argv[1:], "--resume"]
        raise Interrupted(journal, shlex.join(["repaudit", *arguments])) from None
