"""What counts as one and the same network."""

import math

import numpy as np
import pytest
from scipy import stats

from repaudit.rerun.execution.agreement import (
    VoteAgreement,
    difference,
    is_same,
    limit_for,
    rows_for,
)

REFERENCE = np.array([[1.0, -2.0, 4.0], [0.5, 0.25, 0.0]], np.float32)


def test_a_difference_is_relative_to_the_largest_output() -> None:
    other = REFERENCE.copy()
    other[1, 0] += 0.5

    assert difference(REFERENCE, other) == 0.125


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_is_not_the_same_as_none(value: float) -> None:
    other = REFERENCE.copy()
    other[0, 1] = value

    assert difference(REFERENCE, other) == math.inf
    assert difference(other, other.copy()) == 0.0
    assert difference(REFERENCE, REFERENCE[:, :2]) == math.inf


def test_rounding_is_the_same_function_and_a_wrong_weight_is_not() -> None:
    rounded = REFERENCE * np.float32(1 + 2**-20)

    assert is_same(REFERENCE, rounded, "float32")
    assert not is_same(REFERENCE, rounded, "float64")
    assert not is_same(REFERENCE, REFERENCE * np.float32(1.001), "float32")
    assert is_same(REFERENCE, REFERENCE * np.float32(1.01), "bfloat16")


@pytest.mark.parametrize("draws", [100, 1000, 100_000])
def test_votes_that_all_agree_are_as_many_as_are_needed(draws: int) -> None:
    rows = rows_for(draws)

    assert VoteAgreement(rows, 0, limit_for(draws)).holds
    assert not VoteAgreement(rows - 1, 0, limit_for(draws)).holds
    assert not VoteAgreement(rows, 1, limit_for(draws)).holds


def test_a_precision_that_moves_more_votes_than_may_is_let_through_once_in_a_hundred() -> None:
    draws = 10_000
    rows, limit = rows_for(draws), limit_for(draws)

    passes = sum(
        float(stats.binom.pmf(k, rows, limit))
        for k in range(20)
        if VoteAgreement(rows, k, limit).holds
    )

    assert passes <= 0.01


def test_what_may_differ_hides_in_one_examples_own_noise() -> None:
    n = 1000
    half = math.sqrt(0.25 / n) / 2

    assert limit_for(n) == pytest.approx(half)
    assert "0 of 580" in VoteAgreement(580, 0, limit_for(n)).text
