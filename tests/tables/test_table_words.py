"""Every step, claim and unit in the words of a table."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from repaudit.contract.claim import Claim
from repaudit.contract.steps import Step
from repaudit.tables.words import claim_words, function_words, gain_policy, step_words, unit_sign

STEPS: TypeAdapter[Any] = TypeAdapter(Step)


def normalize(**patch: Any) -> dict[str, Any]:
    base = {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "input"}
    return {**base, "includes_padding": True, "zero_energy": "leave", **patch}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (normalize(), "RMS to 1, measured on what arrives"),
        (normalize(measured_on="clean"), "RMS to 1, frozen from the clean clip"),
        (
            normalize(measure="peak", target="clean"),
            "peak to that of the clean signal, measured on what arrives",
        ),
        (
            normalize(measure="unstated", target="unstated", measured_on="unstated"),
            "unstated to unstated, measured on unstated",
        ),
        ({"step": "gain", "factor": "1/2"}, "gain 0.5"),
        ({"step": "clip", "low": -1, "high": 1}, "clip to [-1, 1]"),
        ({"step": "quantize", "bits": 8}, "quantize to 8 bits"),
        ({"step": "mix_down", "method": "mean", "id": "mono"}, "mono"),
    ],
)
def test_a_step_is_said_with_what_moves_the_numbers(step: dict[str, Any], words: str) -> None:
    assert step_words(STEPS.validate_python(step)) == words


def test_the_gain_policy_names_every_change_of_level_before_the_noise() -> None:
    steps = [{"step": "mix_down", "method": "mean"}, {"step": "gain", "factor": 2}, normalize()]
    rho = [STEPS.validate_python(step) for step in steps]
    assert gain_policy(rho) == "gain 2; RMS to 1, measured on what arrives"
    assert gain_policy(rho[:1]) == "none"


def test_the_certified_function_is_f_only_when_the_transform_is_the_identity() -> None:
    clip = STEPS.validate_python({"step": "clip", "low": 0, "high": 1})
    assert function_words([]) == "f (T = identity)"
    assert function_words([clip]) == "f∘T, T = clip to [0, 1]"


@pytest.mark.parametrize(
    ("claim", "words", "sign"),
    [
        (
            {"metric": "certified_accuracy", "at_snr_db": 60, "unit": "percent"},
            "certified accuracy at SNR ≤ 60 dB",
            "%",
        ),
        (
            {"metric": "clean_accuracy", "classifier": "smoothed", "unit": "fraction"},
            "clean accuracy, smoothed",
            "",
        ),
        (
            {"metric": "certified_snr", "statistic": "median", "population": "all"},
            "median SNR over all",
            "dB",
        ),
        ({"metric": "inference_time", "unit": "ms"}, "inference time", "ms"),
        ({"metric": "alias_db", "layer": "conv1"}, "alias db, conv1", "dB"),
        ({"metric": "x-energy"}, "x-energy", ""),
    ],
)
def test_a_claim_is_said_with_its_definition_and_its_unit(
    claim: dict[str, Any], words: str, sign: str
) -> None:
    declared = Claim.model_validate(claim)
    assert (words, sign) == (claim_words(declared), unit_sign(declared))
