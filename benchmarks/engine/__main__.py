"""Measure the engine: `python -m benchmarks.engine --out benchmarks/engine.json`.

Writes after every stage. A stage that the file has, from this machine with this effort, is not
run again, so what was interrupted goes on; `--again` runs it again. Stages that this machine
cannot run stay as they are, so that one file holds the stages of several machines.
"""

import argparse
import json
import time
import warnings
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.engine.machine import load_average, machine, name_of
from benchmarks.engine.rounds import Effort
from benchmarks.engine.stages import stages
from benchmarks.engine.study import Study, make_study


def main() -> None:
    options = _options()
    here, out = machine(), Path(options.out)
    found = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    found = {"machines": found.get("machines", {}), "stages": found.get("stages", {})}
    found["machines"][name_of(here)] = here
    made = {
        "machine": name_of(here),
        "seconds": options.seconds,
        "rounds": options.rounds,
        "draws of verdicts": options.verdict_draws,
    }
    with TemporaryDirectory() as folder:

        @cache
        def study(seconds: int) -> Study:
            return make_study(Path(folder) / str(seconds), seconds)

        effort = Effort(options.seconds, options.rounds)
        for name, run in stages(study, effort, options.verdict_draws):
            is_done = found["stages"].get(name, {}).get("made") == made
            if not _wanted(name, options.stages) or (is_done and not options.again):
                continue
            found["stages"][name] = _stage(name, run, made)
            out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _stage(name: str, run: Any, made: dict[str, Any]) -> dict[str, Any]:
    """Return what a stage measured, and under which load."""
    load, started = load_average(), time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the toolbox and of what it imports
        result = run()
    took = round(time.perf_counter() - started, 1)
    print(f"{name}: {took} s", flush=True)
    return {"made": made, "load": [load, load_average()], "took": took, "result": result}


def _wanted(name: str, chosen: str | None) -> bool:
    return chosen is None or any(name.startswith(part) for part in chosen.split(";"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--out", default="benchmarks/engine.json")
    parser.add_argument("--stages", help="beginnings of names, separated by ;")
    parser.add_argument("--seconds", type=float, default=3.0, help="of a case in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--verdict-draws", type=int, default=1000, help="n where verdicts agree")
    parser.add_argument("--again", action="store_true", help="also what the file has already")
    return parser.parse_args()


if __name__ == "__main__":
    main()
