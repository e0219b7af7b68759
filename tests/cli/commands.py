"""Commands as a user runs them: another process, its two streams and its exit code."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WIDTH = 80
ENVIRONMENT = os.environ | {"COLUMNS": str(WIDTH)}
COMMAND = (sys.executable, "-m", "repaudit")


def repaudit(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return _run([*COMMAND, *map(str, arguments)], cwd)


def script(text: str, *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a Python script in a fresh interpreter."""
    return _run([sys.executable, "-c", text], cwd)


def _run(arguments: list[str], cwd: Path | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=cwd, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
    )


def easy(plan: dict[str, Any]) -> dict[str, Any]:
    """Take so little noise that nearly every clip is certified and no median is undefined."""
    plan["evaluations"]["waveform-high"]["sigma"] = "0.1"
    return plan
