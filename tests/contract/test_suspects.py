"""What may have been run instead of the declared pipeline."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from repaudit.contract.results import Results
from repaudit.contract.suspects import (
    AS_DECLARED,
    MOST_DRAWS,
    SIGMA_FACTORS,
    TRANSFORMS,
    suspects_of,
)
from repaudit.contract.task import CertificationTask, tasks_of

AUTHOR = Path(__file__).parent / "results" / "v1" / "valid" / "author.json"
ONLY = frozenset({"a.flac"})


def task_of(location: str) -> CertificationTask:
    """The first certification whose noise enters there."""
    results = Results.model_validate(json.loads(AUTHOR.read_text(encoding="utf-8")))
    found = [
        task
        for name, evaluation in results.evaluations.items()
        if evaluation.kind == "certification"
        for task in tasks_of(results, name)
        if isinstance(task, CertificationTask)
        and task.contract.perturbation.location == location
        and not task.contract.transform
    ]
    return found[0]


@pytest.mark.parametrize("is_more_confident", [True, False])
def test_counts_of_more_confidence_come_from_less_noise(is_more_confident: bool) -> None:
    task = replace(task_of("log_mel"), sigma=1.0)
    found = suspects_of(task, ONLY, is_more_confident=is_more_confident)
    assert found.pop(AS_DECLARED).sigma == 1.0
    assert len(found) == len(SIGMA_FACTORS)
    assert all((suspect.sigma < 1.0) is is_more_confident for suspect in found.values())
    assert {(s.only, s.n0, s.n <= MOST_DRAWS) for s in found.values()} == {(ONLY, 1, True)}


def test_waveforms_may_have_been_clipped_or_normalised_in_secret() -> None:
    task = task_of("normalize")
    found = suspects_of(task, ONLY, is_more_confident=False)
    secret = [s for s in found.values() if s.contract.transform]
    assert len(secret) == len(TRANSFORMS) - 1  # the declared identity is no suspect
    clipped = next(s for s in secret if s.contract.transform[0].step == "clip")
    assert clipped.sigma == task.sigma
    again = suspects_of(clipped, ONLY, is_more_confident=False)
    assert [] in [s.contract.transform for s in again.values()]
    assert sum(
        s.contract.transform == clipped.contract.transform for s in again.values()
    ) == 1 + len(SIGMA_FACTORS)
