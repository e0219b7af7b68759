"""Counts without failures are caught by a handful of draws; honest ones are not."""

from itertools import product
from math import comb

import numpy as np
import pytest

from repaudit.statistics.few_failures import few_failures_test


def test_p_value_is_that_of_the_enumerated_law() -> None:
    """Totals of 2 and 1 among 1000 + 500 draws; at least two of the three failures are ours."""

    def chance(total: int, ours: int) -> float:
        return comb(500, ours) * comb(1000, total - ours) / comb(1500, total)

    pairs = ((a, b) for a, b in product(range(3), range(2)) if a + b >= 2)
    exact = sum(chance(2, a) * chance(1, b) for a, b in pairs)
    found = few_failures_test([1, 0], 1000, [1, 1], 500)
    assert found.p_value == pytest.approx(exact, rel=1e-9)
    assert found.expected == pytest.approx(1.0)  # a third of three


def test_no_failure_of_ours_rejects_nothing() -> None:
    assert few_failures_test([0, 1], 600, [0, 0], 300).p_value == pytest.approx(1.0)


def test_examples_with_many_failures_are_left_out() -> None:
    found = few_failures_test([0, 500], 10_000, [0, 1], 16)
    assert (found.examples, found.failures) == (1, 0)


def test_nothing_to_look_at_rejects_nothing() -> None:
    found = few_failures_test([], 10_000, [], 16)
    assert (found.p_value, found.examples, found.expected) == (1.0, 0, 0.0)


def test_all_hits_released_where_one_draw_in_five_hundred_fails_are_caught() -> None:
    rng = np.random.default_rng(1)
    ours = rng.binomial(16, 0.002, 400)
    assert few_failures_test(np.zeros(400), 10_000, ours, 16).p_value < 1e-9


@pytest.mark.parametrize("mix", ["sure", "spread", "edge"])
def test_honest_counts_are_rejected_at_most_at_the_level(mix: str) -> None:
    """300 honest pairs at .01; more than 9 would have a chance below .001."""
    rng, size, n, draws = np.random.default_rng(4), 100, 10_000, 16
    misses = {
        "sure": lambda: np.full(size, 2e-5),
        "spread": lambda: 10.0 ** rng.uniform(-6, -1, size),
        "edge": lambda: np.full(size, 0.005),
    }[mix]
    rejected = 0
    for _ in range(300):
        p = misses()
        pair = rng.binomial(n, p), rng.binomial(draws, p)
        rejected += few_failures_test(pair[0], n, pair[1], draws).p_value < 0.01
    assert rejected <= 9
