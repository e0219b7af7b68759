"""Measure the error rates of the auditor: `python -m benchmarks.calibration`."""

import argparse
import json
import os
import platform
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.calibration.cells import DEFAULT, cells
from benchmarks.calibration.study import SEED, Outcome, outcome

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    said = f"honest reports of 400 examples; the other cells follow (default {DEFAULT})"
    parser.add_argument("--reports", type=int, default=DEFAULT, help=said)
    parser.add_argument("--json", type=Path, default=RESULTS, help="where results are kept")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    kept = _kept(arguments.json, arguments.seed)
    seconds = kept.get("seconds", 0.0)
    for cell in cells(arguments.reports):
        if kept["cells"].get(cell.key, {}).get("reports", 0) >= cell.reports:
            continue
        started = time.process_time()
        kept["cells"][cell.key] = found = outcome(cell, arguments.seed)
        seconds += time.process_time() - started
        kept |= {"date": datetime.now(UTC).date().isoformat(), "seconds": round(seconds)}
        arguments.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(_line(found), flush=True)


def _kept(path: Path, seed: int) -> dict[str, Any]:
    """Return the results of a run that is gone on with, or those of a new one."""
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if kept["seed"] == seed:
            return kept
    return {
        "seed": seed,
        "machine": f"{os.cpu_count()} CPU cores ({platform.machine()}), one process used",
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in ("numpy", "scipy")},
        "cells": {},
    }


def _line(found: Outcome) -> str:
    return f"{found['flagged']:5} of {found['reports']:5}  {found['key']}"


if __name__ == "__main__":
    main()
