"""Which claims a selector means: every field, by value, and never a checkpoint's by accident."""

from typing import Any

import pytest

from repaudit.contract.matching import matches, matching_claims
from repaudit.contract.results import Results
from repaudit.contract.select import Select


def results() -> Results:
    return Results.model_validate(
        {
            "$schema": "urn:repaudit:results:1",
            "study": {"title": "made up", "kind": "transcription"},
            "data": {"test": {"kind": "audio", "examples": 10, "classes": 2, "subset": "unstated"}},
            "evaluations": {
                "low": certification("0.020", claims_of_low()),
                "high": certification("1/4", [{"metric": "certified_accuracy", "at_radius": 0}]),
                "attacked": {
                    "kind": "empirical",
                    "data": "test",
                    "model": "cnn",
                    "pipeline": "kws",
                    "attacks": ["pgd", "square"],
                    "threat_model": {"norm": "linf", "epsilon": "8/255", "location": "input"},
                    "defence": "averaging",
                    "claims": [{"metric": "attacked_accuracy", "classifier": "defended"}],
                },
                "clean": {
                    "kind": "empirical",
                    "data": "test",
                    "model": "cnn",
                    "pipeline": "kws",
                    "attacks": [],
                    "claims": [{"metric": "clean_accuracy", "classifier": "base"}],
                },
            },
        }
    )


def certification(sigma: str, claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "certification",
        "data": "test",
        "model": "cnn",
        "contract": "wave",
        "sigma": sigma,
        "sampling": "mc",
        "claims": claims,
    }


def claims_of_low() -> list[dict[str, Any]]:
    return [
        {"metric": "certified_accuracy", "at_radius": "0.10", "value": "50"},
        {"metric": "certified_radius", "statistic": "median", "population": "all"},
        {"metric": "certified_radius", "statistic": "unstated", "population": "unstated"},
        {"metric": "certified_accuracy", "at_radius": "0.1", "checkpoint": "seed0"},
        {"metric": "certified_accuracy", "at_snr_db": 60},
        {"metric": "x-energy", "layer": "blocks.1"},
    ]


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ({"evaluation": "high"}, ["high/0"]),
        ({"evaluation": ["high", "clean"]}, ["high/0", "clean/0"]),
        ({"kind": "empirical"}, ["attacked/0", "clean/0"]),
        ({"sigma": ".02", "metric": "certified_accuracy"}, ["low/0", "low/4"]),
        ({"sigma": 0.25}, ["high/0"]),
        ({"sigma": [0.25, 7]}, ["high/0"]),
        ({"at_radius": ".1"}, ["low/0"]),
        ({"at_radius": 0.1, "checkpoint": "seed0"}, ["low/3"]),
        ({"checkpoint": ["seed0", "seed1"]}, ["low/3"]),
        ({"checkpoint": "seed1"}, []),
        ({"at_snr_db": "60.0"}, ["low/4"]),
        ({"statistic": "median"}, ["low/1"]),
        ({"population": ["all", "certified"]}, ["low/1"]),
        ({"metric": "x-energy"}, ["low/5"]),
        ({"layer": "blocks.1"}, ["low/5"]),
        ({"attack": "square"}, ["attacked/0"]),
        ({"attack": "fgsm"}, []),
        ({"epsilon": "8/255"}, ["attacked/0"]),
        ({"attack": "pgd", "epsilon": 0.03}, []),
        ({"defence": "averaging"}, ["attacked/0"]),
        ({"classifier": "base"}, ["clean/0"]),
        ({"contract": "wave", "sampling": "mc", "evaluation": "high"}, ["high/0"]),
        ({"sampling": "mc", "kind": "empirical"}, []),
        ({"data": "test", "model": "cnn", "evaluation": "clean"}, ["clean/0"]),
        ({"data": "other"}, []),
    ],
)
def test_a_selector_means_the_claims_that_agree_in_every_field(
    select: dict[str, Any], found: list[str]
) -> None:
    matched = matching_claims(results(), Select.model_validate(select))
    assert [f"{m.evaluation_id}/{m.index}" for m in matched] == found


def test_several_selectors_have_to_agree_and_none_means_any() -> None:
    by_metric = Select.model_validate({"metric": "certified_accuracy"})
    by_name = Select.model_validate({"evaluation": "high"})
    found = list(matching_claims(results(), None, by_metric, by_name))
    assert [m.pointer for m in found] == ["/evaluations/high/claims/0"]


def test_without_a_selector_every_claim_is_meant_that_of_a_checkpoint_too() -> None:
    # 6 + 1 + 1 + 1 claims in the file above
    assert len(list(matching_claims(results()))) == 9


def test_an_empty_selector_leaves_out_claims_of_one_checkpoint() -> None:
    assert len(list(matching_claims(results(), Select()))) == 8


def test_one_of_several_selectors_may_name_the_checkpoint_for_all() -> None:
    row = Select.model_validate({"checkpoint": "seed0"})
    column = Select.model_validate({"metric": "certified_accuracy"})
    assert [m.index for m in matching_claims(results(), row, column)] == [3]


@pytest.mark.parametrize(("select", "expected"), [({}, False), ({"checkpoint": "seed0"}, True)])
def test_a_claim_of_one_checkpoint_is_meant_only_by_naming_it(
    select: dict[str, Any], expected: bool
) -> None:
    low = results().evaluations["low"]
    assert expected == matches(Select.model_validate(select), "low", low, low.claims[3])


def test_one_of_several_selectors_may_name_the_checkpoint() -> None:
    """A table's row names it, the column only the metric."""
    claimed = next(m for m in matching_claims(results()) if m.claim.checkpoint is not None)
    row = Select(checkpoint=claimed.claim.checkpoint, evaluation=claimed.evaluation_id)
    column = Select(metric=claimed.claim.metric)
    assert claimed in list(matching_claims(results(), row, column))
    assert claimed not in list(matching_claims(results(), column))
