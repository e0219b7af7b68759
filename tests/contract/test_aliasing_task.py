"""The task of an aliasing evaluation: what moves the numbers, and nothing that was claimed."""

from dataclasses import fields

import pytest

from repaudit.contract.base import UnstatedError
from repaudit.contract.results import Results
from repaudit.contract.task import AliasingTask, Unsupported, tasks_of
from tests.builders import ALIASING_EVALUATION, some_results


def declared(**patch: object) -> Results:
    return some_results(evaluations={"aliasing": ALIASING_EVALUATION | patch})


def test_every_checkpoint_has_a_task_without_claims() -> None:
    checkpoints = [{"id": "seed0", "seed": 0}, {"id": "seed1", "seed": 1}]
    results = declared(window="hann", nyquist="both", claims=[{"metric": "am", "layer": "x"}])
    model = results.models["cnn"].model_copy(
        update={"checkpoints": type(results.models["cnn"]).model_validate(
            {"output": "logits", "dtype": "float32", "checkpoints": checkpoints}).checkpoints}
    )  # fmt: skip
    found = tasks_of(results.model_copy(update={"models": {"cnn": model}}), "aliasing")
    assert [task.checkpoint.id for task in found if isinstance(task, AliasingTask)] == [
        "seed0",
        "seed1",
    ]
    assert {(t.nyquist, t.window) for t in found if isinstance(t, AliasingTask)} == {
        ("both", "hann")
    }
    assert "claims" not in {field.name for field in fields(AliasingTask)}


def test_no_window_is_none() -> None:
    (task,) = tasks_of(declared(), "aliasing")
    assert isinstance(task, AliasingTask)
    assert task.window == "none"


def test_an_open_nyquist_rule_cannot_be_measured() -> None:
    with pytest.raises(UnstatedError, match="nyquist"):
        tasks_of(declared(nyquist="unstated"), "aliasing")


def test_repeats_would_repeat_one_number() -> None:
    with pytest.raises(Unsupported, match="no randomness"):
        tasks_of(declared(repeats=2), "aliasing")
