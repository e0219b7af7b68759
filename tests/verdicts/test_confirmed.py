"""Two re-runs beside each other: honest pairs agree, others do not, and both are said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from repaudit.audit.audit import Level
from repaudit.audit.run import Environment
from repaudit.evidence.join import take
from repaudit.evidence.tables import AliasingRecords
from repaudit.verdicts.confirmed import DEPENDENT, Side, confirmed
from tests.builders import (
    CLEAN_EVALUATION,
    GEOMETRY_EVALUATION,
    margins_near,
    some_certification_records,
    some_clean_records,
    some_geometry_records,
    some_results,
)

RESULTS = some_results(evaluations={"shape": GEOMETRY_EVALUATION, "clean": CLEAN_EVALUATION})
HERE = Environment(
    repaudit="1",
    python="3.11",
    platform="Linux-6.1",
    libraries={},
    device="cpu",
    plan="torch 2.11.0 on CPU, AVX2; 16 rows per forward",
)
THERE = HERE.model_copy(update={"platform": "Linux-5.4"})


def compared(earlier: Any, ours: Any, *, there: Environment = THERE, seed: int = 0) -> Level:
    return confirmed(RESULTS, earlier, ours, (Side(there, None), Side(HERE, None)), seed)


def certifications(seed: int, shift: float = 0.0) -> Any:
    rng = np.random.default_rng(seed)
    p = margins_near(np.random.default_rng(0))
    return some_certification_records(np.clip(p - shift, 0.0, 1.0), rng)


@pytest.mark.slow
def test_honest_pairs_agree_in_all_but_one_per_cent() -> None:
    """300 pairs at a level of 1 %: more than 9 have a chance of 1e-3 (binomial)."""
    found = [
        compared({"wave": certifications(2 * k)}, {"wave": certifications(2 * k + 1)}, seed=k)
        for k in range(300)
    ]
    assert sum(level.status == "failed" for level in found) <= 9
    assert sum(level.status == "passed" for level in found) >= 291


def test_other_hit_probabilities_fail_the_level() -> None:
    found = compared({"wave": certifications(1, 0.05)}, {"wave": certifications(2)})
    assert found.status == "failed"
    assert found.reason.startswith("the two re-runs differ: wave, their counts (p")


def test_a_copy_of_the_counts_is_no_second_run() -> None:
    same = {"wave": certifications(1)}
    assert compared(same, same).status == "failed"


def geometries(seed: int, factor: float = 1.0) -> Any:
    records = some_geometry_records(np.random.default_rng(seed))
    return replace(records, delta_norm=records.delta_norm * factor)


@pytest.mark.parametrize(
    ("factor", "status"),
    [(1.0, "passed"), (1.0 + 1e-5, "passed"), (1.02, "failed")],
    ids=["honest", "other hardware", "another transform"],
)
def test_norm_ratios_are_held_against_their_draws(factor: float, status: str) -> None:
    assert compared({"shape": geometries(1, factor)}, {"shape": geometries(2)}).status == status


def test_one_draw_per_example_cannot_be_compared() -> None:
    one = take(geometries(1), np.arange(48) * 4)
    found = compared({"shape": one}, {"shape": one})
    assert found.status == "not_checked"
    assert "shape: fewer than two draws, or other examples" in found.reason


def test_clean_classes_must_be_equal_but_for_near_ties() -> None:
    right, margin = np.ones(48, np.bool_), np.full(48, 0.1)
    other = right.copy()
    other[3] = False
    near = margin.copy()
    near[3] = 1e-7
    ours = {"clean": some_clean_records(right, margin=margin)}
    assert compared({"clean": some_clean_records(right, margin=margin)}, ours).status == "passed"
    assert compared({"clean": some_clean_records(other, margin=near)}, ours).status == "passed"
    found = compared({"clean": some_clean_records(other, margin=margin)}, ours)
    assert found.status == "failed"
    assert found.reason.endswith("clean, the class of 1 clean example is another one")


def test_outcomes_of_attacks_are_listed_as_not_compared() -> None:
    clean = some_clean_records(np.ones(48, np.bool_), margin=np.full(48, 0.1))
    attacked = replace(clean, base_attacked=clean.label, attack=np.full(48, "pgd"))
    found = compared({"clean": attacked}, {"clean": attacked})
    assert found.status == "not_checked"
    assert found.reason.endswith("clean: the outcomes of attacks have no test")


def test_counts_of_a_part_of_the_examples_are_not_compared() -> None:
    part = take(certifications(1), np.arange(10))
    found = compared({"wave": part}, {"wave": certifications(2)})
    assert found.status == "not_checked"
    assert found.reason.endswith("wave: the two are not of the same examples")


def test_counts_of_other_draws_are_not_compared() -> None:
    more = replace(certifications(1), draws=np.full(48, 600))
    assert compared({"wave": more}, {"wave": certifications(2)}).status == "not_checked"


def test_what_has_no_test_is_listed_and_keeps_nothing_from_being_passed() -> None:
    zeros = np.zeros(1)
    names = np.array(["clip0"]), np.array(["conv"]), np.ones(1, np.int64)
    layers = AliasingRecords(*names, *[zeros] * 6, np.array(["seed0"]))
    earlier: dict[str, Any] = {"wave": certifications(1), "shape": layers}
    ours: dict[str, Any] = {"wave": certifications(2), "shape": layers}
    found = compared(earlier, ours)
    assert found.status == "passed"
    assert found.reason == (
        "1 evaluation agrees with the earlier re-run (other machine); "
        "not compared: shape: no test for its records"
    )


@pytest.mark.parametrize(
    ("there", "status"),
    [
        ({}, "not_checked"),
        ({"python": "3.12", "libraries": {"torch": "2.12"}}, "not_checked"),
        ({"plan": "torch 2.12.0 on CPU, AVX2; 16 rows per forward"}, "not_checked"),
        ({"plan": "torch 2.11.0 on CPU, NEON; 16 rows per forward"}, "passed"),
        ({"device": "cuda"}, "passed"),
        ({"platform": "macOS-15"}, "passed"),
    ],
)
def test_other_libraries_on_one_machine_are_not_another_machine(
    there: dict[str, Any], status: str
) -> None:
    environment = HERE.model_copy(update=there)
    found = compared({"wave": certifications(1)}, {"wave": certifications(2)}, there=environment)
    assert found.status == status
    assert (found.reason == DEPENDENT) == (status == "not_checked")


def test_nothing_in_common_confirms_nothing() -> None:
    assert compared({}, {}).reason.endswith("no evaluation was re-run by both")
