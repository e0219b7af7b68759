"""Shares of whole counts: the paper's tables, and every share of small runs enumerated."""

from fractions import Fraction
from itertools import product

import pytest

from repaudit.contract.claim import Claim
from repaudit.rules import run_rules
from repaudit.rules._quantity import interval_of
from repaudit.rules._shares import attainable, share

# Representation-aware audio smoothing, tables 1 and 2: mean accuracy over 3 seeds of 5074 Speech
# Commands clips, and over 15 networks (5 folds x 3 seeds) of 400 ESC-50 clips.
SPEECH = ["92.25", "92.55", "92.65", "92.10", "91.59", "80.05"]
SOUNDS = ["68.70", "68.53", "68.17", "65.53", "68.42", "53.70"]


def grim(value, divisor):
    """Whether a percentage is a whole number of 1/divisor."""
    printed = share(Claim(metric="noisy_accuracy", value=value, unit="percent"), interval_of)
    return attainable(printed, (divisor,)) is not None


def test_the_papers_means_are_whole_counts_over_all_their_runs():
    assert all(grim(value, 3 * 5074) for value in SPEECH)
    assert all(grim(value, 15 * 400) for value in SOUNDS)


def test_the_papers_means_that_one_seed_cannot_give():
    # By hand: 91.59 % of 5074 is 4647.3, whose neighbours print as 91.58 and 91.60.
    assert [value for value in SPEECH if not grim(value, 5074)] == ["91.59", "80.05"]
    assert [value for value in SOUNDS if not grim(value, 2000)] == [
        "68.53",
        "68.17",
        "65.53",
        "68.42",
    ]


@pytest.mark.parametrize(
    ("examples", "expected"), [(400, 0.04), (2000, 0.20), (5074, 0.51), (6000, 0.60), (15222, 1.0)]
)
def test_the_share_of_percentages_that_some_count_gives(examples, expected):
    # Expected values: the power of GRIM at two decimals, min(1, N / 10 000) up to rounding.
    found = sum(grim(f"{cents / 100:.2f}", examples) for cents in range(10_001)) / 10_001
    assert found == pytest.approx(expected, abs=0.011)


def folds(first, second, value, across="mean"):
    """Two networks tested on folds of these sizes."""
    networks = [{"id": f, "seed": 0, "test_fold": f} for f in ("a", "b")]
    noisy = {"metric": "noisy_accuracy", "value": value, "unit": "percent", "across": across}
    radius = {"metric": "certified_radius", "statistic": "median", "population": "all"}
    snr = {"metric": "certified_snr", "statistic": "median", "population": "certified"}
    return {
        "data": {"test-set": {"examples": first + second, "folds": {"a": first, "b": second}}},
        "models": {"keyword-cnn": {"checkpoints": networks}},
        "evaluations": {
            "spoken-words": {
                "claims": [
                    noisy,
                    {**radius, "value": ".007996", "rounding": "floor", "across": "pooled"},
                    {**snr, "value": "83.99", "rounding": "ceil", "across": "pooled"},
                ]
            }
        },
    }


@pytest.mark.parametrize("across", ["mean", "pooled", "median", "max"])
def test_no_share_of_two_unequal_folds_is_refused(across, patched):
    first, second = 6, 9
    combine = {
        "mean": lambda i, j: (Fraction(i, first) + Fraction(j, second)) / 2,
        "median": lambda i, j: (Fraction(i, first) + Fraction(j, second)) / 2,
        "pooled": lambda i, j: Fraction(i + j, first + second),
        "max": lambda i, j: max(Fraction(i, first), Fraction(j, second)),
    }[across]
    every = {f"{float(100 * combine(i, j)):.3f}" for i, j in product(range(7), range(10))}
    for value in every:
        findings, _ = run_rules(patched(folds(first, second, value, across)))
        assert [f for f in findings if f.code == "RA201"] == []


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("41.666", "warning"),
        ("41.67", None),
        ("41.66", "warning"),
        ("41.6", "warning"),
        ("41.5", "error"),
    ],
)
def test_a_share_that_only_truncation_explains_is_a_warning(value, severity, patched):
    # One run of 12: 5/12 = 41.666...
    patch = folds(6, 6, value)
    patch["data"]["test-set"] = {"examples": 12}
    patch["models"]["keyword-cnn"]["checkpoints"] = [{"id": "a", "seed": 0}]
    found = [f.severity for f in run_rules(patched(patch))[0] if f.code == "RA201"]
    assert found == ([] if severity is None else [severity])


def test_a_mean_of_float32_shares_is_no_error(patched):
    # numpy: float(np.float32(369 / 400)) * 100 = 92.2500014305114..., printed with six decimals.
    patch = folds(200, 200, "92.250001")
    patch["models"]["keyword-cnn"]["checkpoints"] = [{"id": "a", "seed": 0}]
    assert [f for f in run_rules(patched(patch))[0] if f.code == "RA201"] == []


def test_an_unknown_number_of_examples_accuses_nobody(patched):
    patch = folds(200, 200, "92.30")
    patch["study"] = {"kind": "transcription"}
    patch["data"]["test-set"] = {"examples": "unstated", "folds": None}
    patch["models"]["keyword-cnn"]["checkpoints"] = [{"id": "a"}]
    assert [f.code for f in run_rules(patched(patch))[0] if f.severity == "error"] == []
