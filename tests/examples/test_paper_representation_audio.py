"""The transcribed tables of representation-aware smoothing: what SNR and geometry rules find."""

import re
from pathlib import Path

import pytest

from repaudit.contract.load import load_results
from repaudit.rules import Case, run_rules

PAPER = Path(__file__).resolve().parents[2] / "examples" / "papers" / "representation-audio"
FAMILY = re.compile(r"RA(01\d|020|4\d\d|5\d\d)")
EVALUATIONS = "/evaluations"


@pytest.fixture(scope="module")
def findings():
    results, document = load_results(PAPER / "results.json")
    return run_rules(Case(results, document.value))[0]


def of(findings, *severities):
    return {
        (f.code, f.pointer) for f in findings if f.severity in severities and FAMILY.match(f.code)
    }


def test_only_the_peak_formula_contradicts_its_number(findings):
    # Table 3: with the peak of the clean clip every ratio is below 8.2 (11 at any level), the
    # printed D_geom are 346.01 and 346.80.
    assert of(findings, "error") == {
        ("RA504", f"{EVALUATIONS}/{data}-peak-geometry/claims/0/value")
        for data in ("speech-commands", "esc-50")
    }


def test_nothing_else_of_any_rule_is_an_error(findings):
    assert {f.code for f in findings if f.severity == "error"} == {"RA504"}


def test_four_ratios_are_no_means_and_all_eight_may_be_medians(findings):
    no_mean = [f for f in findings if f.code == "RA502"]
    assert {f.pointer for f in no_mean} == {
        f"{EVALUATIONS}/{data}-{policy}-geometry/claims/1/value"
        for data in ("speech-commands", "esc-50")
        for policy in ("clip", "peak")
    }
    assert all(f.evidence["fits_median"] for f in no_mean)


def test_the_warnings_of_the_family_are_these(findings):
    expected = {
        ("RA013", f"{EVALUATIONS}/speech-commands-log-mel-.02/sigma"),
        ("RA013", f"{EVALUATIONS}/esc-50-log-mel-.02/sigma"),
        ("RA408", f"{EVALUATIONS}/speech-commands-fixed-.0025/claims/2/value"),
        ("RA505", f"{EVALUATIONS}/speech-commands-clip-geometry/claims/0/value"),
        ("RA505", f"{EVALUATIONS}/esc-50-clip-geometry/claims/0/value"),
    }
    no_means = {pair for pair in of(findings, "warning") if pair[0] == "RA502"}
    assert of(findings, "warning") - no_means == expected


def test_the_two_small_ratios_of_renormalisation_are_recognised_as_medians(findings):
    # .999985 and .999996 are the medians of the closed form; its means print .999966 and .999991.
    notes = {(f.pointer, f.evidence["fits"]) for f in findings if f.code == "RA508"}
    assert notes == {
        (f"{EVALUATIONS}/{data}-rms-geometry/claims/1/value", "median")
        for data in ("speech-commands", "esc-50")
    }


def test_all_eight_snrs_follow_from_clip_length_sigma_and_budget(findings):
    (confound,) = [f for f in findings if f.code == "RA408"]
    assert len(confound.evidence["rows"].split(", ")) == 8
    assert confound.evidence["clip_lengths"] == "16000, 80000"


def test_the_identity_rows_are_rounding(findings):
    # 6.49e-8 and 3.28e-8: float32 at RMS / sigma = 400
    assert "RA503" not in {f.code for f in findings}


def test_the_accuracy_quoted_from_another_noise_level_is_noticed(findings):
    (quoted,) = [f for f in findings if f.code == "RA803"]
    # An inferred reading: the sentence names .0025 first and goes on after a semicolon.
    assert (quoted.severity, quoted.pointer) == ("warning", "/statements/0/asserts/4/value")
