"""Run a part of repaudit in a process of its own, which may crash or take too long."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path


class ChildFailed(Exception):
    """The process failed; the text is the last line that it said, or why it was ended."""


def run_child(module: str, argument: Path, seconds: float) -> None:
    """Run ``python -m module argument``; end it with all it started after ``seconds``.

    Raises ``ChildFailed``.
    """
    command = [sys.executable, "-W", "ignore", "-m", module, str(argument)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
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
