"""Numbers of attacks and defences, on records whose every outcome is written out."""

from typing import Any

import numpy as np
import pytest

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Attacks, Context
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled
from repaudit.metrics.words import label_with_attack

TRANSFER = Attacks(sees_defence=False, is_random=True, shares_directions=False)
ADAPTIVE = Attacks(sees_defence=True, is_random=True, shares_directions=False)


def context(attacks: Attacks | None = TRANSFER, examples: int = 6, repeats: int = 1) -> Context:
    return Context(
        kind="empirical",
        examples=examples,
        fold_sizes={},
        checkpoints=("a",),
        repeats=repeats,
        sigma=None,
        protocol=None,
        draws=None,
        unit="pixel value",
        attacks=attacks,
    )


def records(**changes: Any) -> EmpiricalRecords:
    """Six examples of class 1, one attack. 0 stands for any wrong class.

    a is right throughout; b is turned and recovered; c is turned and lost; d is wrong from the
    start, and the defence gets it right; e is right and the defence breaks it; f is turned, and
    the defence, wrong about its original, gets the adversarial input right.
    """
    values: dict[str, Any] = {
        "example_id": np.array(list("abcdef")),
        "label": np.ones(6, np.int64),
        "checkpoint": np.array(["a"] * 6),
        "repeat": np.zeros(6, np.int64),
        "attack": np.array(["pgd"] * 6),
        "base_clean": np.array([1, 1, 1, 0, 1, 1]),
        "base_attacked": np.array([1, 0, 0, 0, 1, 0]),
        "defended_clean": np.array([1, 1, 1, 1, 0, 0]),
        "defended_attacked": np.array([1, 1, 0, 1, 0, 1]),
        "perturbation_norm": np.array([0, 0.1, 0.3, 0, 0, 0.2]),
    }
    return EmpiricalRecords(**{**values, **changes})


def claim(metric: str, **fields: Any) -> Claim:
    unit = {} if metric in ("adversarial_count", "perturbation_norm") else {"unit": "fraction"}
    return Claim.model_validate({"metric": metric, **unit, **fields})


def number(metric: str, attacks: Attacks | None = TRANSFER, **fields: Any) -> float | None:
    return estimate(claim(metric, **fields), context(attacks), records()).value


def test_the_counts_of_the_attacked_set_are_those_of_the_definition() -> None:
    assert number("clean_accuracy", classifier="base") == pytest.approx(5 / 6)
    assert number("adversarial_count") == 3
    assert number("attacked_accuracy", classifier="base") == pytest.approx(2 / 6)  # (5 - 3) / 6
    assert number("defence_rate") == pytest.approx(2 / 3)
    assert number("clean_accuracy", classifier="defended") == pytest.approx(4 / 6)
    assert number("attacked_accuracy", classifier="defended") == pytest.approx(4 / 6)


def test_a_panel_that_saw_the_defence_counts_the_clean_input_too() -> None:
    # f was right on the adversarial input and wrong on the clean one, which lies in the ball.
    assert number("attacked_accuracy", ADAPTIVE, classifier="defended") == pytest.approx(3 / 6)


@pytest.mark.parametrize(
    ("population", "classifier", "expected"),
    [
        ("correct", None, 3 / 5),
        ("all", None, 3 / 6),
        ("correct", "base", 3 / 5),
        ("correct", "defended", 1 / 4),
        ("all", "defended", 1 / 6),
    ],
)
def test_success_is_of_those_right_before_or_of_all(
    population: str, classifier: str | None, expected: float
) -> None:
    found = number("attack_success_rate", population=population, classifier=classifier)
    assert found == pytest.approx(expected)


def test_success_of_a_panel_that_saw_the_defence_is_on_the_defended_network() -> None:
    # Of a, b, c and d, which it gets right when clean, it loses c.
    found = number("attack_success_rate", ADAPTIVE, population="correct")
    assert found == pytest.approx(1 / 4)


def test_norms_are_of_what_was_replaced() -> None:
    median = {"statistic": "median", "population": "adversarial"}
    assert number("perturbation_norm", **median) == pytest.approx(0.2)
    # Of the five right ones two were not turned: infinitely far. .1 .2 .3 inf inf
    median["population"] = "correct"
    assert number("perturbation_norm", **median) == pytest.approx(0.3)
    median["population"] = "all"  # .1 .2 .3 inf inf inf, lower median
    assert number("perturbation_norm", **median) == pytest.approx(0.3)


def test_of_several_attacks_the_worst_counts_for_each_example() -> None:
    one, two = (
        records(),
        records(
            attack=np.array(["fgsm"] * 6),
            base_attacked=np.array([0, 1, 1, 0, 1, 1]),
            defended_attacked=np.array([0, 1, 1, 1, 0, 0]),
            perturbation_norm=np.array([0.05, 0, 0, 0, 0, 0]),
        ),
    )
    both = EmpiricalRecords(
        **{
            name: np.concatenate([getattr(one, name), getattr(two, name)])
            for name in vars(one)
            if getattr(one, name) is not None
        }
    )

    def of(metric: str, attacks: Attacks = TRANSFER, **fields: Any) -> float | None:
        return estimate(claim(metric, **fields), context(attacks), both).value

    assert of("adversarial_count") == 4  # a, b, c, f
    assert of("attacked_accuracy", classifier="base") == pytest.approx(1 / 6)  # e
    # b and f are recovered from the attack that turned them; the other one kept them.
    assert of("defence_rate") == pytest.approx(2 / 4)
    assert of("clean_accuracy", classifier="base") == pytest.approx(5 / 6)
    # Worst case: b and d alone are right whatever is shown to the defended network.
    assert of("attacked_accuracy", ADAPTIVE, classifier="defended") == pytest.approx(2 / 6)


def test_no_adversarial_example_means_no_defence_rate() -> None:
    found = estimate(claim("defence_rate"), context(), records(base_attacked=records().base_clean))

    assert found.value is None
    assert "no adversarial example" in found.method


def test_a_count_is_written_as_one() -> None:
    plan = claim("adversarial_count")

    assert str(filled(plan, estimate(plan, context(), records())).value) == "3"


def test_records_without_a_defence_have_no_defended_number() -> None:
    bare = records(defended_clean=None, defended_attacked=None)
    with pytest.raises(CannotEstimate, match="defended_attacked"):
        estimate(claim("defence_rate"), context(), bare)


def test_a_success_rate_without_its_population_is_no_number() -> None:
    with pytest.raises(UnstatedError, match="population"):
        number("attack_success_rate")


@pytest.mark.parametrize(("attacks", "word"), [(TRANSFER, "transfer"), (ADAPTIVE, "adaptive")])
def test_numbers_of_a_defence_carry_who_saw_it(attacks: Attacks, word: str) -> None:
    rate = label_with_attack(claim("defence_rate"), context(attacks))
    accuracy = claim("attacked_accuracy", classifier="defended")

    assert rate == f"defence rate, {word} attack"
    assert label_with_attack(accuracy, context(attacks)).endswith(f", {word} attack")
    base = claim("attacked_accuracy", classifier="base")
    assert label_with_attack(base, context(attacks)) == "attacked accuracy of the base classifier"
