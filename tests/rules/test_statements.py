"""Sentences of the papers, and relations at the edge of the printed digits."""

import pytest

from repaudit.rules import run_rules

MEDIAN = {"statistic": "median", "population": "all", "rounding": "floor"}


def smoothing(sigma, accuracy, radius, contract="waveform"):
    """One certification of the paper's table, over fifteen networks of 400 clips."""
    return {
        "kind": "certification",
        "data": "test-set",
        "model": "keyword-cnn",
        "contract": contract,
        "sigma": sigma,
        "sampling": "monte-carlo",
        "repeats": 15,
        "claims": [
            {
                "metric": "certified_accuracy",
                "at_radius": 0,
                "value": accuracy,
                "unit": "percent",
                "across": "mean",
            },
            {"metric": "certified_radius", **MEDIAN, "value": radius, "across": "pooled"},
        ],
    }


def abstract(log_mel, waveform):
    """The abstract's comparison of 68.42 % with 65.53 %, with what each number selects."""
    accuracy = {"metric": "certified_accuracy", "at_radius": 0}
    percent = {"relation": "equal", "unit": "percent"}
    return {
        "study": {"kind": "transcription"},
        "contracts": {
            "waveform": {"scale": ["certified_radius"]},
            "log-mel": {
                "pipeline": "keyword-spotter",
                "object": "feature",
                "transform": [],
                "perturbation": {
                    "law": "gaussian",
                    "norm": "l2",
                    "location": "log_mel",
                    "dtype": "float32",
                },
                "scale": ["certified_radius"],
            },
        },
        "evaluations": {
            "spoken-words": None,
            "wave-0025": smoothing("0.0025", "68.70", ".007996"),
            "wave-02": smoothing("0.02", "65.53", ".063971"),
            "log-mel": smoothing("0.5", "68.42", "1.5992", "log-mel"),
        },
        "statements": [
            {
                "source": "abstract",
                "quote": "at the same smoothing level sigma = 0.0025: 68.42 % against 65.53 %",
                "asserts": [
                    {"of": {**accuracy, **log_mel}, "value": "68.42", **percent},
                    {"of": {**accuracy, **waveform}, "value": "65.53", **percent},
                ],
            }
        ],
    }


def found(case):
    return [(f.code, f.pointer) for f in run_rules(case)[0] if f.code.startswith("RA80")]


def test_the_abstract_quotes_the_accuracy_of_another_noise_level(patched):
    case = patched(abstract({"contract": "log-mel"}, {"contract": "waveform", "sigma": "0.0025"}))
    assert found(case) == [("RA803", "/statements/0/asserts/1/value")]


def test_the_same_numbers_at_their_own_noise_levels_agree(patched):
    case = patched(abstract({"contract": "log-mel"}, {"contract": "waveform", "sigma": "0.02"}))
    assert found(case) == []


def rates(*values):
    """Defence rates as fractions, over rows of four to six directions."""
    return {
        "attacks": {
            "pgd": {"name": "pgd", "target": "base", "objective": "max_loss", "library": "unstated"}
        },
        "study": {"kind": "transcription"},
        "defences": {f"k{i}": defence(i + 4) for i in range(len(values))},
        "evaluations": {f"k{i}": attacked(i, value) for i, value in enumerate(values)},
    }


def defence(directions):
    return {
        "method": "post_averaging",
        "directions": directions,
        "radius": "0.5",
        "steps": ["1/3", "2/3", 1],
        "includes_input": True,
        "domain": "softmax",
        "location": "normalize",
        "randomness": "fresh",
    }


def attacked(index, value):
    claim = {"metric": "inference_time", "classifier": "defended", "unit": "s", "value": value}
    return {
        "kind": "empirical",
        "data": "test-set",
        "model": "keyword-cnn",
        "pipeline": "keyword-spotter",
        "attacks": ["pgd"],
        "threat_model": {"norm": "linf", "epsilon": "8/255", "location": "normalize"},
        "defence": f"k{index}",
        "reevaluated": True,
        "claims": [claim],
    }


TIME = {"metric": "inference_time"}


@pytest.mark.parametrize(
    ("values", "claimed", "severity"),
    [
        (("0.40", "0.44", "0.50"), {"relation": "increasing", "in": "directions"}, None),
        (("0.40", "0.40", "0.40"), {"relation": "increasing", "in": "directions"}, None),
        (("0.40", "0.395", "0.50"), {"relation": "increasing", "in": "directions"}, None),
        (("0.400", "0.39", "0.50"), {"relation": "increasing", "in": "directions"}, "warning"),
        (("0.42", "0.39", "0.50"), {"relation": "increasing", "in": "directions"}, "error"),
        (("0.50", "0.40"), {"relation": "decreasing", "in": "directions"}, None),
        (("0.40", "0.4"), {"relation": "constant"}, None),
        (("0.40", "0.46"), {"relation": "constant"}, "error"),
        (("0.40",), {"relation": "about", "value": "0.44", "unit": "s"}, None),
        (("0.40",), {"relation": "about", "value": "0.50", "unit": "s"}, "note"),
        (("0.40",), {"relation": "between", "low": "400", "high": "500", "unit": "ms"}, None),
        (("0.40",), {"relation": "at_most", "value": "0.4", "unit": "s"}, None),
        (("0.45",), {"relation": "at_most", "value": "0.4", "unit": "s"}, None),
        (("0.46",), {"relation": "at_most", "value": "0.4", "unit": "s"}, "warning"),
        (("0.51",), {"relation": "at_most", "value": "0.4", "unit": "s"}, "error"),
        (("0.40",), {"relation": "at_least", "value": "1e-1", "unit": "s"}, None),
    ],
)
def test_a_relation_fails_only_when_no_reading_of_the_digits_satisfies_it(
    values, claimed, severity, patched
):
    patch = rates(*values)
    sentence = {"source": "text", "quote": "…", "asserts": [{"of": TIME, **claimed}]}
    case = patched({**patch, "statements": [sentence]})
    assert [f.severity for f in run_rules(case)[0] if f.code in ("RA802", "RA804")] == (
        [] if severity is None else [severity]
    )


def test_a_difference_pairs_the_claims_that_share_their_settings(patched):
    # Every defence against itself: all differences hold 0, none of the unlike pairs' .1.
    same = {"of": TIME, "minus": TIME, "relation": "equal", "value": "0.00", "unit": "s"}
    sentence = {"source": "text", "quote": "…", "asserts": [same]}
    assert found(patched({**rates("0.40", "0.50"), "statements": [sentence]})) == []
