"""Tasks are evaluations without their claims; coordinates follow from the steps."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from repaudit.contract.base import UnstatedError
from repaudit.contract.coordinates import UnknownLocation, object_of, split_at, unit_of
from repaudit.contract.results import Results
from repaudit.contract.task import (
    CertificationTask,
    EmpiricalTask,
    Unsupported,
    tasks_of,
    tasks_or_reasons,
)
from tests.builders import ATTACKED_FILE, some_results

VALID = Path(__file__).parent / "results" / "v1" / "valid"


@pytest.fixture
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((VALID / "author.json").read_text(encoding="utf-8"))
    return loaded


def first(document: dict[str, Any], kind: str) -> str:
    return next(k for k, e in document["evaluations"].items() if e["kind"] == kind)


def test_certification_has_one_task_per_checkpoint_and_repeat(document: dict[str, Any]) -> None:
    name = first(document, "certification")
    document["evaluations"][name]["repeats"] = 2
    results = Results.model_validate(document)
    tasks = tasks_of(results, name)
    checkpoints = [c.id for c in results.models[document["evaluations"][name]["model"]].checkpoints]
    expected = [(c, r) for c in checkpoints for r in range(2)]
    assert [(t.checkpoint.id, t.repeat) for t in tasks if isinstance(t, CertificationTask)] == (
        expected
    )


def test_no_task_carries_a_claim(document: dict[str, Any]) -> None:
    task = tasks_of(Results.model_validate(document), first(document, "certification"))[0]
    assert "claims" not in {field.name for field in dataclasses.fields(task)}


def test_unstated_draws_are_named(document: dict[str, Any]) -> None:
    name = first(document, "certification")
    document["study"]["kind"] = "transcription"
    document["sampling"][document["evaluations"][name]["sampling"]]["n"] = "unstated"
    with pytest.raises(UnstatedError, match="n is unstated"):
        tasks_of(Results.model_validate(document), name)


@pytest.mark.parametrize(
    ("field", "value"), [("bound", "hoeffding"), ("selection", "reused"), ("n0", 0)]
)
def test_sampling_that_cannot_be_rerun_says_so(
    document: dict[str, Any], field: str, value: object
) -> None:
    name = first(document, "certification")
    document["sampling"][document["evaluations"][name]["sampling"]][field] = value
    with pytest.raises(Unsupported):
        tasks_of(Results.model_validate(document), name)


def test_object_and_unit_follow_from_the_steps(document: dict[str, Any]) -> None:
    results = Results.model_validate(document)
    steps = next(iter(results.pipelines.values()))
    data = next(d for d in results.data.values() if d.kind == "audio")
    rho, rest = split_at(steps, "log_mel")
    assert (object_of(data, rho), unit_of(data, rho)) == ("feature", "ln")
    assert split_at(steps, "input") == ((), tuple(steps))
    assert split_at(steps, "network_input") == (tuple(steps), ())
    assert (object_of(data, ()), unit_of(data, ())) == ("waveform", "full-scale amplitude")
    assert len(rho) + len(rest) == len(steps)
    with pytest.raises(UnknownLocation, match="log_mel"):
        split_at(steps, "logmel")


def test_an_attacked_evaluation_is_one_task_per_network_with_its_repeats() -> None:
    results = some_results(**ATTACKED_FILE)

    (task,) = tasks_of(results, "attacked")
    assert isinstance(task, EmpiricalTask)
    assert [name for name, _ in task.attacks] == ["pgd"]
    assert task.defence is results.defences["averaged"]
    assert task.repeats == 1


def test_an_audit_repeats_attacks_more_often_than_declared_and_certifies_as_often() -> None:
    found = tasks_or_reasons(some_results(**ATTACKED_FILE), least_repeats=3)

    (attacked,) = found["attacked"]
    assert isinstance(attacked, EmpiricalTask)
    assert attacked.repeats == 3
    assert len(found["wave"]) == 1


def test_an_attack_with_an_open_epsilon_is_no_guess() -> None:
    patch = copy.deepcopy(ATTACKED_FILE)
    patch["study"] = {"kind": "transcription"}
    patch["evaluations"]["attacked"]["threat_model"]["epsilon"] = "unstated"

    with pytest.raises(UnstatedError, match=r"threat_model\.epsilon"):
        tasks_of(some_results(**patch), "attacked")
