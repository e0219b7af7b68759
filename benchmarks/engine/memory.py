"""Peak memory of a process: the engine under `--memory`, and the peers beside it."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.engine.machine import has_art
from benchmarks.engine.study import Study

MIB = 1 << 20
LIMITS_MIB = (64, 128, 256, 512)
CHILD = "benchmarks.engine.memory_child"


def measure(study: Study, contract: str) -> dict[str, Any]:
    """Return the peak of every case in MiB, above what the process held after one forward.

    A limit that not even one block fits into is refused by the engine, which is kept too.
    """
    cases = [f"engine {limit}" for limit in LIMITS_MIB]
    cases += ["engine", "loop 128", "loop 1000", *(["art"] if has_art() else [])]
    return {case: _peak(study, contract, case) for case in cases}


def _peak(study: Study, contract: str, case: str) -> dict[str, Any]:
    words = [str(study.folder), str(study.seconds), contract, *case.split()]
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", CHILD, *words],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode:
        lines = [line for line in ended.stderr.splitlines() if line.strip()]
        return {"failed": lines[-1] if lines else f"exit status {ended.returncode}"}
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found
