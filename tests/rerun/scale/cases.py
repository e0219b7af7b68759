"""One small study, and what several processes make of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from repaudit.contract.task import Task
from repaudit.evidence.tables import Records
from repaudit.rerun.engine import Engine
from repaudit.rerun.journal import Journal
from repaudit.rerun.plan import RerunSettings
from repaudit.rerun.sampler import Sampler
from repaudit.rerun.scale.fill import Crew, Filled, fill
from repaudit.rerun.scale.load import load_of
from repaudit.rerun.scale.local import LocalCrew, local_sites
from repaudit.rerun.scale.site import Site
from repaudit.rerun.task_run import TaskRun
from tests.rerun.engine_cases import SEED, PointStudy, two_classes

EXAMPLES = 20
"""in certification shards of 8: two full ones and a rest"""


def point_study_of_20(folder: Path, **model: str) -> PointStudy:
    (folder / "results.json").write_text("{}")
    return two_classes(folder, np.linspace(-0.4, 0.4, EXAMPLES).tolist(), **model)


def tasks_of(study: PointStudy) -> list[Task]:
    """Three shards each of two certifications, one of a geometry, one of a clean run."""
    first, second = (study.certification(0.5, 20, 150, repeat=repeat) for repeat in (0, 1))
    return [first, second, study.geometry(0.5, 10), study.clean()]


def site_of(study: PointStudy, engine: Engine, **changes: object) -> Site:
    results = study.folder / "results.json"
    sha256 = hashlib.sha256(results.read_bytes()).hexdigest()
    settings = RerunSettings(device="cpu", allow_code=True)
    values = {"results": results, "settings": settings, "roots": (), "seed": SEED}
    values |= {"sha256": sha256, "plan": engine.plan, **changes}
    return Site(**values)  # type: ignore[arg-type]


def journal_in(folder: Path) -> Journal:
    return Journal(folder, {"plan": "test"})


def filled_by(
    crew: Crew, engine: Engine, tasks: Sequence[Task], journal: Journal,
    report: Callable[[str, int], None] = lambda label, done: None,
) -> Filled:  # fmt: skip
    try:
        return fill(load_of(engine, tasks, journal), SEED, engine, journal, crew, report)
    finally:
        crew.close()


def local_crew(study: PointStudy, engine: Engine, workers: int) -> LocalCrew:
    return LocalCrew(local_sites(site_of(study, engine), engine.device, workers))


def runs(study: PointStudy, journal: Journal | None = None) -> list[TaskRun]:
    engine = study.engine()
    return [engine.run_task(task, SEED, journal) for task in tasks_of(study)]


def same(one: Records, other: Records) -> bool:
    return all(
        np.array_equal(getattr(one, column.name), getattr(other, column.name), equal_nan=True)
        if getattr(one, column.name).dtype.kind == "f"
        else np.array_equal(getattr(one, column.name), getattr(other, column.name))
        for column in fields(one)
        if getattr(one, column.name) is not None
    )


def same_votes(one: Sampler, other: Sampler) -> bool:
    """Say whether two samplers have the same votes of the same examples."""
    return one.ids == other.ids and all(
        np.array_equal(one.votes(example, phase), other.votes(example, phase))
        for example in range(len(one.ids))
        for phase in ("selection", "certification")
    )


def workers_of(parent: int) -> list[int]:
    """Return the worker processes that a process has started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
        if b"repaudit.rerun.scale.worker" in command and above == parent:
            found.append(int(entry.name))
    return found
