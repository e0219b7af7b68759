"""A worker process seen from the one that started it.

Nothing of the caller's own program is run in it, only the interpreter and repaudit.
"""

import signal
import socket
import subprocess
from contextlib import suppress
from multiprocessing.connection import Connection

from repaudit.rerun.own_python import own_environment, own_python
from repaudit.rerun.scale.share import Share
from repaudit.rerun.scale.site import Site
from repaudit.rerun.scale.worker import Message

SECONDS_TO_END = 5.0
"""for a process whose connection has ended"""


class Process:
    """A worker with a connection of its own, so that its death stops nobody else."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.share: Share | None = None
        """what it has in hand"""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _start(theirs.fileno())
        self.connection = Connection(ours.detach())
        self._send(site)

    def give(self, share: Share) -> None:
        """Put a share into its hand."""
        self.share = share
        self._send(share)

    def receive(self) -> Message | None:
        """Return what it says; None when it has died."""
        try:
            message: Message = self.connection.recv()
        except (EOFError, OSError):
            return None
        return message

    def ending(self) -> str:
        """Return how it died, in words."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(SECONDS_TO_END)
        self.stop()
        code = self._process.returncode
        return f"ended with {code}" if code >= 0 else f"was killed by {_signal(-code)}"

    def stop(self) -> None:
        """End it now."""
        self.connection.close()
        self._process.kill()
        self._process.wait()

    def _send(self, what: Site | Share) -> None:
        # One that is dead already is noticed when it is listened to.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(what)


def _start(connection: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        own_python("-m", "repaudit.rerun.scale.worker", str(connection)),
        stdin=subprocess.DEVNULL,
        stdout=2,  # standard output is for the report
        pass_fds=[connection],
        env=own_environment(),
        process_group=0,  # Ctrl-C is for the process that can say how to go on
    )


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
