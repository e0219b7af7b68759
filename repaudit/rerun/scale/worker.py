"""The program of a worker process: shares come in at one connection, what became of them goes out.

Started by `local` as ``python -m repaudit.rerun.scale.worker FD``; it ends as soon as the process
that started it is gone.
"""

import os
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.scale.share import Done, Refused, Share, computed
from repaudit.rerun.scale.site import Site

SECONDS_BETWEEN_REPORTS = 0.5

Message = int | Done | Refused | CannotHelp
"""forwards of the share so far; what became of it; why this worker can compute nothing"""


def serve(connection: Connection) -> None:
    """Compute the shares that come in, until the connection ends."""
    site: Site = connection.recv()
    shares: SimpleQueue[Share] = SimpleQueue()
    Thread(target=_receive, args=(connection, shares), daemon=True).start()
    try:
        engine = site.engine()
    except CannotHelp as error:
        connection.send(error)
        return
    while True:
        connection.send(computed(engine, site.seed, shares.get(), _reporter(connection)))


def _receive(connection: Connection, shares: "SimpleQueue[Share]") -> None:
    """Take shares as they come; without the other end nobody wants what is computed."""
    try:
        while True:
            shares.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def _reporter(connection: Connection) -> Callable[[int], None]:
    last = time.monotonic()

    def report(forwards: int) -> None:
        nonlocal last
        if (now := time.monotonic()) - last >= SECONDS_BETWEEN_REPORTS:
            last = now
            connection.send(forwards)

    return report


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
