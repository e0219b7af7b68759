"""Several processes fill one journal with the counts of one, whatever happens to them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from repaudit.rerun.device import usable_cores
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.scale.local import LocalCrew, local_sites
from repaudit.rerun.scale.share import MOST_DEATHS, WorkerLost
from repaudit.rerun.scale.site import WrongWorker
from tests.rerun.engine_cases import SEED, PointStudy
from tests.rerun.scale.cases import (
    filled_by,
    journal_in,
    local_crew,
    point_study_of_20,
    runs,
    same,
    site_of,
    tasks_of,
    workers_of,
)

slow = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return point_study_of_20(tmp_path)


def test_workers_share_cores_memory_and_rows(study: PointStudy) -> None:
    engine = study.engine(memory_bytes=9_000, batch_size=64)
    site = site_of(study, engine, settings=engine.settings)

    sites = local_sites(site, engine.device, 3)

    assert [s.settings.threads for s in sites] == [max(1, usable_cores() // 3)] * 3
    assert {(s.settings.memory_bytes, s.settings.batch_size) for s in sites} == {(3_000, 21)}
    assert {s.settings.device for s in sites} == {"cpu"}


@slow
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_counts_of_one_process(
    study: PointStudy, tmp_path: Path, workers: int
) -> None:
    engine, tasks, journal = study.engine(), tasks_of(study), journal_in(tmp_path / "journal")
    seen: list[int] = []

    filled = filled_by(
        local_crew(study, engine, workers), engine, tasks, journal, lambda _, f: seen.append(f)
    )

    for one, other in zip(runs(study), runs(study, journal), strict=True):
        assert same(one.records, other.records)
        assert other.notes[-1].endswith("shards were taken from the journal")
    assert [helped.shards for helped in filled.helped.values()] == [3, 3, 1, 1]
    assert all(helped.seconds > 0 for helped in filled.helped.values())
    assert filled.refused == {}
    assert seen == sorted(seen)
    assert seen[-1] == sum(map(engine.forwards_of, tasks))
    assert workers_of(os.getpid()) == []


@slow
def test_a_worker_killed_in_the_middle_costs_its_share_alone(
    study: PointStudy, tmp_path: Path
) -> None:
    engine, task = study.engine(), study.certification(0.5, 20, 20_000)
    journal, killed = journal_in(tmp_path / "journal"), list[int]()

    def kill(label: str, forwards: int) -> None:
        if forwards and not killed:
            killed.append(workers_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    filled_by(local_crew(study, engine, 2), engine, [task], journal, kill)

    assert killed
    assert same(
        engine.run_task(task, SEED, journal).records, study.engine().run_task(task, SEED).records
    )
    assert engine.missing(task, journal) == []


@slow
def test_a_share_at_which_every_worker_dies_is_named(study: PointStudy, tmp_path: Path) -> None:
    engine, deaths = study.engine(), list[int]()

    def kill(label: str, forwards: int) -> None:
        for worker in workers_of(os.getpid()):
            deaths.append(worker)
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(WorkerLost) as lost:
        filled_by(
            local_crew(study, engine, 1), engine, tasks_of(study), journal_in(tmp_path / "j"), kill
        )

    assert len(set(deaths)) == MOST_DEATHS
    assert "shard 0 of main a repeat 0" in str(lost.value)
    assert "killed by SIGKILL" in str(lost.value)
    assert workers_of(os.getpid()) == []


@slow
def test_what_a_worker_cannot_run_is_left_to_the_run_which_says_why(tmp_path: Path) -> None:
    study = point_study_of_20(tmp_path, network="broken")
    engine, journal = study.engine(), journal_in(tmp_path / "journal")
    broken, sound = study.certification(0.5, 20, 150), study.geometry(0.5, 10)

    filled = filled_by(local_crew(study, engine, 1), engine, [broken, sound], journal)

    assert list(filled.refused) == ["main a repeat 0"]
    assert "cannot be multiplied" in filled.refused["main a repeat 0"]
    assert filled.helped["shape repeat 0"].shards == 1
    assert engine.missing(broken, journal) == [0, 1, 2]
    with pytest.raises(ModelError, match="cannot be multiplied"):
        engine.run_task(broken, SEED, journal)


@slow
def test_a_worker_with_another_plan_computes_nothing(study: PointStudy, tmp_path: Path) -> None:
    engine, journal = study.engine(), journal_in(tmp_path / "journal")
    site = site_of(study, engine, plan="another machine's")
    crew = LocalCrew(local_sites(site, engine.device, 1))

    with pytest.raises(WrongWorker, match="expected the plan of the run, another machine's"):
        filled_by(crew, engine, tasks_of(study), journal)

    assert list(journal.folder.glob("*.npz")) == []


def is_running(process: int) -> bool:
    """Say whether a process is there, and not only its remains."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except OSError:
        return False


LEFT_ALONE = """
import sys, time
from pathlib import Path
from tests.rerun.scale.cases import *

study = point_study_of_20(Path(sys.argv[1]))
engine = study.engine()
task = study.certification(0.5, 20, 1_000_000)
crew = local_crew(study, engine, 1)

def said(label, forwards):
    if forwards:
        print(forwards, flush=True)

filled_by(crew, engine, [task], journal_in(study.folder / "journal"), said)
"""


@slow
def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LEFT_ALONE, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline()
        (worker,) = workers_of(process.pid)
        process.kill()
        process.wait()
    deadline = time.monotonic() + 20
    while is_running(worker):
        assert time.monotonic() < deadline
        time.sleep(0.05)
