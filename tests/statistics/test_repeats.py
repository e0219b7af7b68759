"""Tests from a few complete repetitions: size under every mixture of examples, and power."""

import math

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics import repeats
from repaudit.statistics.repeats import repeated

REPEATS = 3


def p_value(p: np.ndarray, rng: np.random.Generator, shift: float = 0.0, ours: int = 3) -> float:
    """One audit of an author whose every outcome has chance p (+ shift), one run against three."""
    author = rng.random(len(p)) < np.clip(p + shift, 0, 1)
    found = repeated(rng.random((ours, len(p))) < p, np.ones((ours, len(p)), bool))
    share = float(author.mean())
    return repeats.test_repeated(share, share, found, 1).p_value


SPECTRA = {
    "all certain": lambda n, rng: np.ones(n),
    "few doubtful": lambda n, rng: np.where(rng.random(n) < 0.05, 0.5, 1.0),
    "all rather sure": lambda n, rng: np.full(n, 0.95),
    "all even": lambda n, rng: np.full(n, 0.5),
    "spread": lambda n, rng: rng.random(n),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("examples", [12, 48, 400])
def test_an_honest_author_is_rejected_in_at_most_one_of_a_hundred_audits(
    name: str, examples: int
) -> None:
    """1000 audits each: at a true rate of 1 % more than 21 have a chance of 6e-4."""
    rng = np.random.default_rng([examples, *map(ord, name)])
    rejected = sum(
        p_value(SPECTRA[name](examples, rng), rng) < 0.01  # type: ignore[no-untyped-call]
        for _ in range(1000)
    )
    assert rejected <= 21


@pytest.mark.parametrize(("shift", "examples", "least"), [(-0.1, 400, 0.9), (-0.02, 3500, 0.9)])
def test_a_planted_difference_is_found(shift: float, examples: int, least: float) -> None:
    # statistics of the standard: two points at 3500 adversarial examples are always seen.
    rng = np.random.default_rng(1)
    p = np.where(rng.random(examples) < 0.1, 0.5, 0.98)
    found = [p_value(p, rng, shift) < 0.01 for _ in range(60)]
    assert np.mean(found) >= least


def test_the_scatter_is_that_of_bernoulli_outcomes() -> None:
    # p (1 - p) M / (M - 1), of three draws with one and with two hits: 1/3 each.
    hits = np.array([[1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0]]) > 0
    found = repeated(hits, np.ones((3, 4), bool))

    assert found.scatter == pytest.approx(2 / 3)
    assert found.rate == pytest.approx(0.5)
    # The totals 3, 2, 1 have variance 1.
    assert found.between == pytest.approx(1.0)


def test_a_denominator_that_moves_is_part_of_the_scatter() -> None:
    every = np.ones((2, 2), bool)
    moving = np.array([[1, 1], [1, 0]]) > 0

    # Rates 1 and 1: whoever counts is right, and nothing scatters.
    assert repeated(moving, moving).scatter == 0.0
    assert repeated(moving, every).scatter == pytest.approx(0.5)


def test_one_repetition_is_given_the_variance_of_a_binomial_count() -> None:
    found = repeated(np.array([[1, 1, 1, 0]]) > 0, np.ones((1, 4), bool))

    assert found.scatter == pytest.approx(4 * 0.75 * 0.25)
    # Author and audit: twice that, and the one that agreement does not exclude.
    assert found.variance(1) == pytest.approx(2 * 0.75 + repeats.LEAST)


def test_agreement_of_three_does_not_exclude_three_others() -> None:
    """Four exchangeable runs: that three examples differ in the author's alone has chance 4^-3."""
    found = repeated(np.ones((3, 100), bool), np.ones((3, 100), bool))

    def p(count: int) -> float:
        return repeats.test_repeated(count / 100, count / 100, found, 1).p_value

    assert p(97) > 0.01 > p(96)
    assert 2 * 4.0**-4 < 0.01 < 2 * 4.0**-3
    result = repeats.test_repeated(1.0, 1.0, found, 1)
    assert (result.honest_low, result.honest_high) == (0.97, 1.0)


def test_shared_draws_leave_two_degrees_of_freedom() -> None:
    """Three totals 40, 50, 60 of 100: the fourth is a Student variable with two degrees."""
    totals = [40, 50, 60]
    hits = np.array([np.arange(100) < total for total in totals])
    found = repeated(hits, np.ones((3, 100), bool))

    result = repeats.test_repeated(0.9, 0.9, found, 1, shared=True)

    sd = math.sqrt((1 + 1 / 3) * 100 + repeats.LEAST)
    assert result.p_value == pytest.approx(2 * stats.t.sf(40 / sd, 2))
    assert result.p_value > 0.01
    assert result.honest_low == 0.0  # 9.92 standard deviations


def test_a_few_means_are_judged_by_student() -> None:
    values = np.array([1.0, 1.1, 0.9])

    result = repeats.test_few(2.0, 2.0, values, 1, 0.0)

    assert result.p_value == pytest.approx(2 * stats.t.sf(1 / math.sqrt(0.01 * 4 / 3), 2))
    assert repeats.test_few(1.05, 1.05, np.array([1.0]), 1, 0.0).p_value == 1.0


def test_an_empty_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="denominator"):
        repeated(np.zeros((2, 3), bool), np.array([[1, 0, 0], [0, 0, 0]]) > 0)
