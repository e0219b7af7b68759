"""What ends a long run from outside: Ctrl-C, SIGTERM, a full disk. What is finished stays."""

import shlex
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import ClassVar

from repaudit._core.disk import CannotWrite
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
        return f"interrupted: {_kept(self.journal)}\n  Try: {self.command}"


class Terminated(Interrupted):
    """A run that was stopped by SIGTERM, such as at the end of its time in a batch system."""

    exit_code: ClassVar[int] = 143


class _Sigterm(KeyboardInterrupt):
    """SIGTERM, which goes the way of Ctrl-C."""


@contextmanager
def resumable(journal: Path) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into ``Interrupted``, with the command that goes on from ``journal``.

    A full disk says the same, where there is something to go on from.
    """
    try:
        with _sigterm_raised():
            yield
    except _Sigterm:
        raise Terminated(journal, _going_on()) from None
    except KeyboardInterrupt:
        raise Interrupted(journal, _going_on()) from None
    except CannotWrite as fault:
        if not journal.is_dir():
            raise
        before = "make room, then: " if fault.is_full else ""
        raise fault.advised(_kept(journal), f"Try: {before}{_going_on()}") from None


def _kept(journal: Path) -> str:
    return f"finished work is kept in {journal}"


def _going_on() -> str:
    """Return this very command line, with ``--resume`` where it is not understood."""
    # The commands of an array of jobs always go on.
    goes_on = "--resume" in sys.argv or sys.argv[1:2] == ["shard"]
    arguments = sys.argv[1:] if goes_on else [*sys.argv[1:], "--resume"]
    return shlex.join(["repaudit", *arguments])


@contextmanager
def _sigterm_raised() -> Iterator[None]:
    """Raise SIGTERM once inside, unless somebody else takes care of it."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise(number: int, _: FrameType | None) -> None:
    # A batch system that says it again shall not end the ending.
    signal.signal(number, signal.SIG_IGN)
    raise _Sigterm
