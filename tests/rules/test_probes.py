"""What measured numbers mean: severity by size, one fault said once, silence without an answer."""

from typing import Any

import pytest

from repaudit.rules import run_rules

ON_WAVEFORM = {
    "pipelines": {
        "keyword-spotter": [
            {"step": "mix_down", "method": "mean"},
            {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
            {
                "step": "normalize",
                "measure": "rms",
                "target": 1,
                "measured_on": "clean",
                "includes_padding": True,
                "zero_energy": "leave",
            },
        ]
    }
}
IN_INPUT = {"step": "standardize", "mean": 0, "std": 1, "axis": "all", "computed_from": "input"}


@pytest.fixture
def said(patched):
    """name, numbers -> code and severity of every probe rule that objects."""

    def of(*probes: tuple[str, dict[str, Any]], patch: Any = None, **fields: Any):
        given = {"evaluation": "spoken-words", "checkpoint": "seed0", "status": "asked", **fields}
        items = [{**given, "name": name, "numbers": numbers} for name, numbers in probes]
        findings, _ = run_rules(patched({**(patch or {}), "x-probes": items}))
        return {f.code: str(f.severity) for f in findings if f.code.startswith(("RA91", "RA92"))}

    return of


BATCH = {"other_companions": 0.0, "other_order": 0.0, "one_row": 0.0, "two_rows": 0.0}


@pytest.mark.parametrize(
    ("numbers", "severity"),
    [
        ({"one_row": 0.0009}, None),
        ({"one_row": 0.0011}, "warning"),
        ({"other_order": 0.99}, "warning"),
        ({"other_companions": 1.01}, "error"),
        ({"loud_companions": 50.0}, "warning"),  # no batch of a certification looks like that
        ({"loud_companions": 0.0009}, None),
        ({"one_row": None, "votes_changed": 1}, "warning"),
        ({"refused_sizes": "1"}, "warning"),
        ({"refused_sizes": ""}, None),
    ],
)
def test_the_size_of_a_batch_effect_decides_how_bad_it_is(said, numbers, severity):
    expected = {} if severity is None else {"RA920": severity}
    assert said(("batch_dependence", {**BATCH, **numbers})) == expected


def test_a_random_network_is_not_accused_of_its_batch_too(said):
    batch = ("batch_dependence", {**BATCH, "one_row": 3.0})
    random = ("internal_randomness", {"runs": 5, "distinct_outputs": 5, "change_over_margin": 0.2})
    assert said(batch, random) == {"RA922": "warning"}
    still = ("internal_randomness", {"runs": 5, "distinct_outputs": 2, "change_over_margin": 0.0})
    assert said(batch, still) == {"RA920": "error"}


@pytest.mark.parametrize(
    ("numbers", "severity"),
    [
        ({"active": 1}, "error"),
        ({"batch_statistics": 1}, "error"),
        ({"changed_by_a_pass": 2}, "error"),
        ({"own_in_training_mode": 1}, "warning"),
        ({"other_buffers_changed": 1}, "warning"),
        ({"modules": 40}, None),
    ],
)
def test_what_trains_is_an_error_and_what_may_not_is_a_warning(said, numbers, severity):
    expected = {} if severity is None else {"RA921": severity}
    assert said(("training_mode", {"names": "norm", **numbers})) == expected


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        ({"std_over_sigma": 1.0012, "std_score": 7.0}, {"RA910"}),
        ({"std_over_sigma": 1.0012, "std_score": 5.9}, set()),
        # So many draws that a difference shows which no radius could.
        ({"std_over_sigma": 1.0009, "std_score": 12.0}, set()),
        ({"mean_score": -6.1}, {"RA911"}),
        ({"kurtosis": 1.8, "kurtosis_score": -200.0}, {"RA911"}),
        ({"autocorrelation": 0.1, "autocorrelation_score": 5.9}, set()),
        ({"untouched": 0.0625}, {"RA911"}),
        ({"finite": False}, {"RA911"}),
        ({"lost": 0.009}, set()),
        ({"lost": 0.011, "significant_bits": 11}, {"RA923"}),
        # Rounding has a law of its own; it is said once.
        ({"lost": 0.3, "kurtosis_score": 99.0, "std_over_sigma": 1.2, "std_score": 50}, {"RA923"}),
        ({"repeated_rows": 4, "rows": 8, "size": 8, "row_correlation_score": 99}, {"RA912"}),
        ({"repeated_rows": 4, "rows": 8, "size": 7}, set()),
        ({"repeated_rows": 4, "rows": 8, "size": 8, "untouched": 1.0}, {"RA911"}),
    ],
)
def test_each_fault_of_noise_has_its_own_rule(said, numbers, codes):
    assert set(said(("noise", numbers))) == codes


@pytest.mark.parametrize(
    ("numbers", "fires"),
    [
        # The template certifies with n = 10 000 draws.
        ({"share_low": 0.0001, "share_high": 0.04}, True),
        ({"share_low": 0.00009, "share_high": 0.04}, False),
        ({"noise_absorbed": 0.3, "noise_at_input": True}, True),
        ({"noise_absorbed": 0.3, "noise_at_input": False}, False),
        ({"noise_absorbed": None, "noise_at_input": True}, False),
    ],
)
def test_a_narrow_type_is_named_once_it_moves_a_count_or_swallows_noise(said, numbers, fires):
    assert said(("precision", numbers)) == ({"RA923": "warning"} if fires else {})


HIDDEN = {"change_over_margin": 1e-6, "between_inputs_over_margin": 2.0}


@pytest.mark.parametrize(
    ("numbers", "fires"),
    [
        (HIDDEN, True),
        ({**HIDDEN, "change_over_margin": 2e-4}, False),
        ({**HIDDEN, "between_inputs_over_margin": 0.001}, False),
        ({**HIDDEN, "change_over_margin": None}, False),
    ],
)
def test_a_gain_is_hidden_when_only_the_level_has_no_effect(said, numbers, fires):
    found = said(("hidden_gain", numbers), patch=ON_WAVEFORM)
    assert found == ({"RA927": "warning"} if fires else {})


def test_a_declared_gain_is_not_hidden(said):
    steps = [*ON_WAVEFORM["pipelines"]["keyword-spotter"], IN_INPUT]
    patch = {"pipelines": {"keyword-spotter": steps}}
    assert said(("hidden_gain", HIDDEN), patch=patch) == {}


def test_what_features_lose_behind_a_declared_front_end_is_the_networks_own(said):
    assert said(("hidden_gain", HIDDEN)) == {}


@pytest.mark.parametrize(
    ("d_geom", "size", "fires"),
    [
        (8e-8, 16_000, False),
        (2.1e-6, 16_000, True),
        # A projection of 8 roundings instead of 16 000: 45 times as large.
        (4e-6, 8, False),
        (0.3, 8, True),
    ],
)
def test_the_identity_may_round_as_its_length_explains(said, d_geom, size, fires):
    numbers = {"d_geom": d_geom, "rms_over_sigma": 400.0, "size": size}
    assert said(("identity_transform", numbers)) == ({"RA928": "warning"} if fires else {})


def test_what_was_not_asked_is_not_judged(said):
    bad = ("finite_outputs", {"rows": 8, "not_finite": 8})
    assert said(bad) == {"RA924": "error"}
    assert said(bad, status="not_checked", reason="no network") == {}
    assert said(bad, evaluation="an older file's") == {}


def test_every_checkpoint_is_named(patched):
    items = [
        {
            "name": "finite_outputs",
            "evaluation": "spoken-words",
            "checkpoint": name,
            "status": "asked",
            "numbers": {"rows": 8, "not_finite": 1},
        }
        for name in ("seed0", "seed1")
    ]
    findings, _ = run_rules(patched({"x-probes": items}))
    found = [f for f in findings if f.code == "RA924"]
    assert [f.message.partition(":")[0] for f in found] == ["checkpoint seed0", "checkpoint seed1"]
    assert {f.pointer for f in found} == {"/evaluations/spoken-words"}
