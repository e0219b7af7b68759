"""Run a part of repaudit in a process of its own, which may crash or take too long."""

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

from repaudit.rerun.own_python import own_environment, own_python


class ChildFailed(Exception):
    """The process failed; the text is the last line that it said, or why it was ended."""


def run_child(module: str, argument: Path, seconds: float) -> None:
    """Run ``python -m module argument``; end it with all it started after ``seconds``.

    Its last argument is the pipe for `end_with_parent`. Raises ``ChildFailed``.
    """
    alive, ours = os.pipe()
    try:
        with subprocess.Popen(
            [*own_python("-W", "ignore", "-m", module), str(argument), str(alive)],
            env=own_environment(),
            pass_fds=(alive,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as child:
            _wait(child, seconds)
    finally:
        os.close(alive)
        os.close(ours)


def end_with_parent(alive: int) -> None:
    """In the child: end it, with all it started, as soon as the process that runs it is gone."""

    def watch() -> None:
        os.read(alive, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _wait(child: "subprocess.Popen[str]", seconds: float) -> None:
    try:
        _, said = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"it took more than {seconds:g} s") from None
    finally:
        # Also what it left behind, and also when we are interrupted.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    if child.returncode < 0:
        raise ChildFailed(f"it was ended by {signal.Signals(-child.returncode).name}")
    if child.returncode:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        raise ChildFailed(lines[-1] if lines else f"exit status {child.returncode}")
