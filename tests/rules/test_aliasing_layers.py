"""What a re-run says about its layers, and the honest layers that come closest to each rule."""

import pytest

from repaudit.rules._registry import registry

ALIASING = {
    "kind": "aliasing",
    "data": "test-set",
    "model": "keyword-cnn",
    "pipeline": "keyword-spotter",
    "nyquist": "zero",
    "claims": [],
}
HONEST = {
    "layer": "blocks.2.pool",
    "tolerance": 1e-5,
    "decimation_error": 0.0,
    "folding_error": 2e-7,
    "alias_energy": 0.15,
    "hann_energy": 0.14,
    "white_noise": 0.75,
}
CODES = ("RA710", "RA711", "RA715", "RA716")


def objecting(patched, **numbers):
    """Return the codes that object to one layer, where they point and what they name."""
    probe = {
        "name": "aliasing_layer",
        "evaluation": "aliasing",
        "checkpoint": "seed0",
        "status": "asked",
        "numbers": HONEST | numbers,
    }
    case = patched({"evaluations": {"aliasing": ALIASING}, "x-probes": [probe]})
    hits = [(code, hit) for code in CODES for hit in registry()[code].check(case)]
    assert {hit.pointer for _, hit in hits} <= {"/evaluations/aliasing"}
    assert all(hit.evidence["layer"] == "blocks.2.pool" for _, hit in hits)
    return [code for code, _ in hits]


def test_an_honest_layer_has_no_objection(patched):
    assert objecting(patched) == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"decimation_error": 1.01e-5}, ["RA710"]),
        ({"decimation_error": 1e-5, "folding_error": 1e-5}, []),
        ({"folding_error": 0.02}, ["RA711"]),
        ({"decimation_error": 0.003, "tolerance": 0.004}, []),
        ({"hann_energy": 0.11}, ["RA715"]),
        ({"hann_energy": 0.113}, []),
        ({"alias_energy": 0.009, "hann_energy": 0.0001}, []),
        ({"hann_energy": None}, []),
        ({"alias_energy": 0.72, "hann_energy": 0.72}, ["RA716"]),
        ({"alias_energy": 1.4, "hann_energy": 1.4}, ["RA716"]),
        ({"alias_energy": 0.70, "hann_energy": 0.70}, []),
        ({"alias_energy": None, "hann_energy": None}, []),
    ],
)
def test_each_rule_objects_beyond_its_limit_and_not_before(patched, numbers, expected):
    assert objecting(patched, **numbers) == expected


def test_an_answer_about_another_kind_of_evaluation_is_nobodys(patched):
    probe = {"name": "aliasing_layer", "evaluation": "spoken-words", "checkpoint": None,
             "status": "asked", "numbers": HONEST | {"decimation_error": 1.0}}  # fmt: skip
    case = patched({"x-probes": [probe]})
    assert [hit for code in CODES for hit in registry()[code].check(case)] == []
