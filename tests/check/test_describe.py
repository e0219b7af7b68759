"""The contract in words holds what was declared, in its place of the pipeline."""

from repaudit.check.describe import described
from tests.builders import GEOMETRY_EVALUATION, some_results

STEPS = [
    {"step": "mix_down", "method": "mean"},
    {"step": "normalize", "id": "unit", "measure": "rms", "target": 1.0, "measured_on": "clean",
     "includes_padding": True, "zero_energy": "leave"},
    {"step": "clip", "low": -1, "high": 1},
]  # fmt: skip


def test_steps_stand_before_and_after_the_noise() -> None:
    results = some_results(
        pipelines={"kws": STEPS},
        contracts={
            "wave": {
                "perturbation": {"location": "unit"},
                "transform": [{"step": "quantize", "bits": 8}],
            }
        },
    )
    (contract,) = described(results)
    assert [(step.name, step.location) for step in contract.rho] == [
        ("mix_down", "mix_down"),
        ("normalize", "unit"),
    ]
    assert [step.name for step in contract.transform] == ["quantize"]
    assert [step.name for step in contract.front_end] == ["clip"]
    assert contract.rho[1].parameters == {
        "measure": "rms",
        "target": "1",
        "measured_on": "clean",
        "includes_padding": "yes",
        "zero_energy": "leave",
    }
    assert contract.front_end[0].parameters == {"low": "-1", "high": "1"}


def test_the_budget_and_the_unit_are_said() -> None:
    (contract,) = described(some_results())
    assert contract.unit == "full-scale amplitude"
    assert contract.sigma == "0.25"
    assert contract.draws == {
        "n0": "50",
        "n": "500",
        "alpha": "0.001",
        "bound": "one-sided Clopper-Pearson bound",
        "selection": "independent",
    }
    assert contract.network == {"model": "cnn", "arithmetic": "float32", "output": "logits"}
    assert contract.scale == ["certified radius"]


def test_a_geometry_has_no_network() -> None:
    results = some_results(evaluations={"noise": GEOMETRY_EVALUATION})
    _, geometry = described(results)
    assert geometry.kind == "geometry"
    assert geometry.network == {}
    assert geometry.draws == {"draws per example": "4"}


def test_a_name_that_leads_nowhere_is_left_to_its_rule() -> None:
    results = some_results(contracts={"wave": {"perturbation": {"location": "nowhere"}}})
    assert described(results) == []


def test_what_the_source_does_not_say_is_called_unstated() -> None:
    results = some_results(
        study={"kind": "transcription"},
        data={"test": {"name": "words", "examples": "unstated", "sample_rate_hz": "unstated"}},
    )
    (contract,) = described(results)
    assert contract.data == ("words, number of examples unstated, 4 classes, sample rate unstated")
