"""A median over the certified examples, printed as one over all of them, is named."""

import json
from typing import Any

from repaudit._core.resources import data_dir
from repaudit.contract.results import Results
from repaudit.rules import Case, run_rules


def document(accuracy_at_median: str) -> dict[str, Any]:
    """Positive-radius accuracy 60 %; the median radius is 0.004, below the ceiling."""
    loaded: dict[str, Any] = json.loads((data_dir("templates") / "results.json").read_text())
    evaluation = loaded["evaluations"]["spoken-words"]
    evaluation["claims"] = [
        {"metric": "certified_accuracy", "at_radius": 0, "value": "60.00", "unit": "percent"},
        {
            "metric": "certified_accuracy",
            "at_radius": "0.003",
            "value": accuracy_at_median,
            "unit": "percent",
        },
        {
            "metric": "certified_radius",
            "statistic": "median",
            "population": "all",
            "interpolation": "lower",
            "rounding": "floor",
            "value": ".00400",
        },
    ]
    return loaded


def explained_by(accuracy_at_median: str) -> list[object]:
    value = document(accuracy_at_median)
    findings, _ = run_rules(Case(Results.model_validate(value), value))
    return [f.evidence.get("explained_by") for f in findings if f.code == "RA206"]


def test_half_of_the_certified_explains_a_median_that_half_of_all_does_not() -> None:
    """40 % of all lie beyond the median: too few of all, two thirds of the 60 % certified."""
    assert explained_by("40.00") == ["population certified_correct"]


def test_what_no_population_explains_is_not_explained() -> None:
    """20 % of all are a third of the certified."""
    assert explained_by("20.00") == [None]


def test_an_honest_median_is_no_finding() -> None:
    assert explained_by("55.00") == []
