"""What it costs that finished work is kept on disk: the engine with and without a journal."""

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.engine.ceiling import Ceiling
from benchmarks.engine.rounds import Effort, in_turn, warmed
from benchmarks.engine.speed import EXAMPLES, N0
from benchmarks.engine.study import CLIPS, SEED, Study
from repaudit.rerun.journal import Journal


def measure(study: Study, contract: str, device: str, effort: Effort) -> dict[str, Any]:
    """Return the speeds of the engine on all clips, one file in the journal for every eight."""
    engine = study.engine(device=device, compiling="never")
    ceiling = Ceiling.of(engine, study.task(contract, N0, N0, EXAMPLES))
    forwards = warmed(ceiling.noisy, 4 * ceiling.plan.rows, effort)
    task = study.task(contract, N0, max(N0, forwards // CLIPS))
    engine.ready(task)
    numbers = count()

    def run(journal: Journal | None) -> int:
        return engine.run_task(task, SEED, journal).forwards - CLIPS

    with TemporaryDirectory() as folder:
        speeds = in_turn(
            {
                "without": lambda _: run(None),
                "with": lambda _: run(Journal(Path(folder) / str(next(numbers)), {})),
            },
            {"without": 0, "with": 0},
            effort,
        )
    return {"speeds": speeds, "examples": CLIPS, "n": task.n}
