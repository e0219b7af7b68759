"""Samplers get their votes from several processes: the votes of one, whatever happens to them."""

import os
import signal
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from repaudit.contract.task import CertificationTask
from repaudit.rerun.certify import BlockVotes
from repaudit.rerun.data import Dataset
from repaudit.rerun.engine import Engine
from repaudit.rerun.layout import Block, pack
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.sampler import Sampler
from repaudit.rerun.scale.draw import DrawnByCrew
from repaudit.rerun.scale.fill import Crew
from repaudit.rerun.stages import Stages, Subject
from tests.rerun.engine_cases import SEED, PointStudy
from tests.rerun.scale.cases import EXAMPLES, local_crew, point_study_of_20, same_votes, workers_of

pytestmark = pytest.mark.slow


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return point_study_of_20(tmp_path)


@pytest.fixture
def crew(study: PointStudy) -> Iterator[Crew]:
    crew = local_crew(study, study.engine(), 2)
    yield crew
    crew.close()


POINT_BYTES = 2 * 8 * 4
"""of a point as it was loaded and as the noise meets it: 8 float32 each"""


def sampler_of(study: PointStudy, engine: Engine, crew: Crew | None = None) -> Sampler:
    helpers = None if crew is None else DrawnByCrew(crew)
    return engine.sampler(study.certification(0.5, 20, 400), SEED, helpers=helpers)


def test_workers_draw_the_votes_of_one_process_though_one_is_killed(
    study: PointStudy, crew: Crew
) -> None:
    alone, helped = sampler_of(study, study.engine()), sampler_of(study, study.engine(), crew)
    steps = [(range(EXAMPLES), 24), (range(0, EXAMPLES, 3), 150), (range(EXAMPLES), 400)]

    for number, (examples, draws) in enumerate(steps):
        if number == 1:
            os.kill(workers_of(os.getpid())[0], signal.SIGKILL)
        for sampler in (alone, helped):
            sampler.extend(examples, "certification", draws)

    assert same_votes(alone, helped)
    assert alone.forwards == helped.forwards == 400 * EXAMPLES
    assert len(workers_of(os.getpid())) == 2


def test_what_workers_refuse_is_drawn_here_which_says_why(tmp_path: Path) -> None:
    study = point_study_of_20(tmp_path, network="broken")
    crew = local_crew(study, study.engine(), 1)

    with pytest.raises(ModelError, match="cannot be multiplied"):
        sampler_of(study, study.engine(), crew).extend([0, 1], "selection", 20)

    crew.close()


def test_examples_that_a_worker_has_let_go_are_loaded_again(
    study: PointStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repaudit.rerun.shards.MOST_BYTES", 4 * POINT_BYTES)
    engine, sampler = study.engine(), sampler_of(study, study.engine())
    sampler.extend(range(EXAMPLES), "certification", 24)
    blocks = list(pack([(e, "certification", 0, 24) for e in range(EXAMPLES)], 16))

    with engine.shards(sampler.task, SEED) as shards:
        parts = [part for block in blocks * 2 for part in shards.vote([block], lambda made: None)]

    for block in (block for part in parts for block in part.result):
        for span in block.spans:
            expected = sampler.votes(span.example, "certification")[span.draws]
            assert np.array_equal(block.votes[span.rows], expected)
    assert sum(part.forwards for part in parts) == 2 * 24 * EXAMPLES


def test_examples_that_are_asked_for_again_are_loaded_once(
    study: PointStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, loaded = study.engine(), list[int]()
    blocks = list(pack([(e, "certification", 0, 24) for e in range(EXAMPLES)], 16))

    def subject(stages: Stages, dataset: Dataset, index: int) -> Subject:
        loaded.append(index)
        return load(stages, dataset, index)

    task, load = study.certification(0.5, 20, 400), Stages.subject
    with engine.shards(task, SEED) as shards:
        monkeypatch.setattr(Stages, "subject", subject)
        monkeypatch.setattr("repaudit.rerun.shards.MOST_BYTES", EXAMPLES * POINT_BYTES)
        for _ in range(3):
            shards.vote(blocks, lambda made: None)

    assert sorted(loaded) == list(range(EXAMPLES))


def test_speed_is_measured_with_enough_draws_for_every_worker(
    study: PointStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Many:
        """As many helpers as a large machine has; they leave everything to this process."""

        at_once = 64

        def votes(
            self, task: CertificationTask, blocks: Iterable[Block]
        ) -> Generator[BlockVotes, None, list[Block]]:
            left = list(blocks)
            asked.append(len(left))
            return left
            yield

    engine, task = study.engine(), study.certification(0.5, 20, 400)
    assert engine.speed_of(task, Many(), seconds=0.01) > 0
    assert min(asked) >= Many.at_once
