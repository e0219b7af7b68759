"""One worker process against two, with one thread each, started and loaded beforehand."""

from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.engine.ceiling import Ceiling
from benchmarks.engine.rounds import Effort, in_turn, warmed
from benchmarks.engine.speed import EXAMPLES, N0
from benchmarks.engine.study import SEED, Study
from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.journal import Journal
from repaudit.rerun.scale.fill import fill
from repaudit.rerun.scale.load import load_of
from repaudit.rerun.scale.local import LocalCrew
from repaudit.rerun.scale.site import Site

TWO_SHARDS = 2 * EXAMPLES
"""examples of a run: a shard for each of two workers, which cut them into parts themselves"""


def measure(study: Study, contract: str, effort: Effort) -> dict[str, Any]:
    """Return the speeds of one engine thread in this process, of one worker and of two."""
    engine = study.engine(device="cpu", compiling="never", threads=1)
    ceiling = Ceiling.of(engine, study.task(contract, N0, N0, EXAMPLES))
    forwards = warmed(ceiling.noisy, 4 * ceiling.plan.rows, effort)
    task = study.task(contract, N0, max(N0, forwards // TWO_SHARDS), TWO_SHARDS)
    with (
        TemporaryDirectory() as folder,
        closing(_crew(study, engine, 1)) as one,
        closing(_crew(study, engine, 2)) as two,
    ):
        numbers = count()

        def run(crew: LocalCrew) -> int:
            return _filled(engine, task, crew, Path(folder) / str(next(numbers)))

        cases = {
            "no worker": lambda _: engine.run_task(task, SEED).forwards,
            "one worker": lambda _: run(one),
            "two workers": lambda _: run(two),
        }
        for case in cases.values():  # starts the processes, and loads the network in them
            case(0)
        return {"speeds": in_turn(cases, dict.fromkeys(cases, 0), effort), "n": task.n}


def _crew(study: Study, engine: Engine, workers: int) -> LocalCrew:
    settings = replace(engine.settings, threads=1)
    site = Site(study.folder / "results.json", "", (), settings, SEED, engine.plan)
    return LocalCrew([site] * workers)


def _filled(engine: Engine, task: CertificationTask, crew: LocalCrew, folder: Path) -> int:
    journal = Journal(folder, {})
    load = load_of(engine, [task], journal)
    fill(load, SEED, engine, journal, crew, lambda label, done: None)
    missing = engine.missing(task, journal)
    if missing:
        raise RuntimeError(f"workers left {len(missing)} shards out")
    return engine.forwards_of(task)
