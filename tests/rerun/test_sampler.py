"""Votes on demand are those of a full re-run, and are drawn once."""

from pathlib import Path

import numpy as np
import pytest

from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.curtailed import answer
from repaudit.rerun.engine import Engine
from repaudit.rerun.journal import Journal
from repaudit.rerun.sampler import Sampler
from repaudit.statistics.certificate import hits_for_z
from repaudit.statistics.curtailment import curtailment
from tests.rerun.engine_cases import SEED, PointStudy, two_classes

SIGMA, N0, N = 0.5, 20, 400
MARGINS = [-0.9, -0.1, 0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 2.5, 3.0]


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return two_classes(tmp_path, MARGINS, [1] * len(MARGINS))


def sampler_of(study: PointStudy, engine: Engine, journal: Journal | None = None) -> Sampler:
    return engine.sampler(study.certification(SIGMA, N0, N), SEED, journal)


def full(study: PointStudy) -> CertificationRecords:
    records = study.engine().run_task(study.certification(SIGMA, N0, N), SEED).records
    assert isinstance(records, CertificationRecords)
    return records


def test_votes_of_all_draws_are_the_counts_of_the_full_run(study: PointStudy) -> None:
    sampler, everyone = sampler_of(study, study.engine()), range(len(MARGINS))
    for draws in (16, 24, 100, N):
        sampler.extend(everyone, "certification", draws)
    hits = [int((sampler.votes(e, "certification") == 1).sum()) for e in everyone]
    assert full(study).label_hits.tolist() == hits
    assert sampler.forwards == len(MARGINS) * N


@pytest.mark.parametrize("batch_size", [1, 64])
def test_votes_are_the_same_in_whatever_steps_they_are_drawn(
    study: PointStudy, batch_size: int
) -> None:
    stepwise = sampler_of(study, study.engine(batch_size=batch_size))
    at_once = sampler_of(study, study.engine())
    for draws in (7, 16, 61, 90):
        stepwise.extend([4], "selection", draws)
    at_once.extend([3, 4, 5], "selection", 90)
    assert np.array_equal(stepwise.votes(4, "selection"), at_once.votes(4, "selection"))


def test_what_is_known_is_not_drawn_again(study: PointStudy) -> None:
    sampler = sampler_of(study, study.engine())
    sampler.extend([0, 1], "certification", 32)
    sampler.extend([0, 1], "certification", 20)
    assert sampler.forwards == 64


def test_answers_are_those_of_all_draws_from_fewer(study: PointStudy) -> None:
    records = full(study)
    needed = [int(hits_for_z(z, N, 0.001)) for z in (0.0, 0.6)]
    sampler = sampler_of(study, study.engine())
    answers = answer(
        sampler, range(len(MARGINS)), [curtailment(N0, N, needed_) for needed_ in needed]
    )
    is_right = records.selected_class == records.label
    for number, least in enumerate(needed):
        expected = (is_right & (records.hits >= least)).tolist()
        assert expected == [a.reaches[number] for a in answers]
    assert sampler.forwards < 0.7 * len(MARGINS) * (N0 + N)  # most of them are borderline
    assert answers[-1].draws < N  # six sigmas from the plane: sure


def test_shard_is_taken_from_the_journal(study: PointStudy, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", {"seed": "1"})
    first = sampler_of(study, study.engine(), journal)
    with first.shard(0):
        first.extend([2, 3], "certification", 48)
        first.extend([3], "selection", 16)
    second = sampler_of(study, study.engine(), journal)
    with second.shard(0):
        assert second.forwards == 2 * 48 + 16
        second.extend([2, 3], "certification", 48)
    assert second.forwards == first.forwards
    for phase in ("selection", "certification"):
        assert np.array_equal(first.votes(3, phase), second.votes(3, phase))


def test_examples_without_votes_have_none(study: PointStudy) -> None:
    assert sampler_of(study, study.engine()).votes(0, "selection").tolist() == []
