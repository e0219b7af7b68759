"""What is to be computed, and that a shard in parts is the shard in one piece."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from repaudit.rerun.counted import shard_size
from repaudit.rerun.scale.load import load_of
from tests.rerun.engine_cases import SEED, PointStudy
from tests.rerun.scale.cases import journal_in, point_study_of_20, tasks_of


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return point_study_of_20(tmp_path)


def test_a_load_is_what_the_journal_has_not(study: PointStudy, tmp_path: Path) -> None:
    engine, journal, tasks = study.engine(), journal_in(tmp_path / "journal"), tasks_of(study)
    engine.run_task(tasks[0], SEED, journal)
    journal.write("main a repeat 1", 1, {"hits": np.array([1])})

    load = load_of(engine, tasks, journal)

    assert [str(share) for share in load.shares] == [
        "shard 0 of main a repeat 1",
        "shard 2 of main a repeat 1",
        "shard 0 of shape repeat 0",
        "shard 0 of plain a",
    ]
    assert list(load.forwards.values()) == [8 * 171, 4 * 171, 200, 20]
    assert load.kept == 28 * 171
    assert load.total == sum(map(engine.forwards_of, tasks)) == 40 * 171 + 220
    assert load.shards == 8


def test_jobs_of_an_array_share_everything_once(study: PointStudy, tmp_path: Path) -> None:
    load = load_of(study.engine(), tasks_of(study), journal_in(tmp_path / "journal"))

    parts = [load.only(index, 3, first=5) for index in range(3)]

    assert [len(part.shares) for part in parts] == [3, 2, 3]
    assert {str(s) for part in parts for s in part.shares} == {str(s) for s in load.shares}
    assert sum(part.total for part in parts) == load.total


def test_few_shards_are_cut_and_the_parts_make_the_same_shard(
    study: PointStudy, tmp_path: Path
) -> None:
    engine, task = study.engine(), study.certification(0.5, 20, 150)
    load = load_of(engine, [task], journal_in(tmp_path / "journal")).cut_for(4)

    assert [(share.shard, share.part) for share in load.shares] == [
        (shard, part) for shard in range(3) for part in range(3)
    ]
    with engine.shards(task, SEED) as shards:
        for number in range(3):
            mine = [share for share in load.shares if share.shard == number]
            made: list[int] = []
            parts = [
                part
                for share in reversed(mine)
                for part in shards.compute_part(number, share.part, share.of, made.append)
            ]
            whole = shards.compute(number, lambda forwards: None)
            joined = shards.finish(number, parts)
            assert {name: column.tolist() for name, column in joined.items()} == {
                name: column.tolist() for name, column in whole.items()
            }
            assert sum(made) == len(whole["hits"]) * 171
        with pytest.raises(ValueError, match="expected 11 blocks, got 10"):
            shards.finish(0, parts[:1] * 10)


def test_shards_of_other_measurements_are_not_cut(study: PointStudy, tmp_path: Path) -> None:
    journal, tasks = journal_in(tmp_path / "journal"), [study.geometry(0.5, 10), study.clean()]

    load = load_of(study.engine(), tasks, journal).cut_for(8)

    assert [share.of for share in load.shares] == [1, 1]


def test_a_task_without_readable_examples_has_no_shards(study: PointStudy, tmp_path: Path) -> None:
    task = study.clean()
    (study.folder / "points.npz").write_bytes(b"other")

    load = load_of(study.engine(), [replace(task)], journal_in(tmp_path / "journal"))

    assert (load.shares, load.total, load.kept) == ((), 0, 0)


def test_sizes_of_shards_are_those_of_the_work(study: PointStudy) -> None:
    engine = study.engine()
    for task in tasks_of(study):
        with engine.shards(task, SEED) as shards:
            assert shards.work.shard_size == shard_size(task)
