"""The records test: exact law, size on honest pairs, power on planted lies."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from repaudit.statistics.records import Null, records_test
from repaudit.statistics.records_tail import tail_bounds
from tests.oracles.smoothing import population

N = 500


def _pair(rng, name="ESC", size=200, author_scale=1.0, author_draws=N):
    """Label hits of an author at sigma * author_scale, and of a re-run at sigma."""
    z = population(name, size, rng)
    author = rng.binomial(author_draws, ndtr(z / author_scale))
    return author, rng.binomial(N, ndtr(z))


def _flags(pairs, level=0.01, author_draws=N, simulations=2000):
    results = [
        records_test(a, author_draws, r, N, seed=i, simulations=simulations)
        for i, (a, r) in enumerate(pairs)
    ]
    return sum(result.p_value < level for result in results)


def test_p_values_are_those_of_the_exact_law_for_one_example():
    # one informative example: every p is a hypergeometric tail (scipy.stats)
    author, rerun, draws = 15, 6, 20
    law = stats.hypergeom(2 * draws, author + rerun, draws)
    support = np.arange(draws + 1)
    extreme = np.abs(support - law.mean()) >= abs(author - law.mean()) - 1e-9
    result = records_test([author], draws, [rerun], draws, seed=1, simulations=40_000)
    expected = law.pmf(support)[extreme].sum()
    assert result.p_single == pytest.approx(expected, rel=0.25)  # three sds of 200
    assert result.p_direction == pytest.approx(min(1, 2 * law.sf(author - 1)), rel=0.25)
    assert result.p_over == pytest.approx(expected, rel=0.25)
    assert (result.direction, result.informative, result.worst_index) == (1, 1, 0)
    assert result.p_value == pytest.approx(6 * min(result.p_single, result.p_direction))
    assert result.median_shift == pytest.approx(9 / 20)


def test_tail_bounds_lie_above_the_exact_tails_and_near_them():
    # by enumeration of two examples (scipy.stats)
    draws, totals = 30, np.array([24.0, 50.0])
    null = Null(totals, draws, draws)
    counts = np.stack(np.meshgrid(np.arange(31), np.arange(31), indexing="ij"), axis=-1)
    mass = np.prod([stats.hypergeom(60, int(t), 30).pmf(np.arange(31)) for t in totals[:1]], axis=0)
    mass = mass[:, None] * stats.hypergeom(60, 50, 30).pmf(np.arange(31))
    law = null.statistics(null.standardise(counts.astype(float)))
    for author in ([5.0, 30.0], [20.0, 21.0], [12.0, 25.0], [19.0, 29.0]):
        z = null.standardise(np.array(author))
        t1, t2, t3 = null.statistics(z)
        exact = [
            mass[law[0] >= t1 - 1e-9].sum(),
            mass[law[0] <= t1 + 1e-9].sum(),
            mass[law[1] >= t2 - 1e-9].sum(),
            mass[law[1] <= t2 + 1e-9].sum(),
            mass[law[2] >= t3 - 1e-9].sum(),
        ]
        bounds = tail_bounds(null, z)
        assert np.all(bounds >= np.array(exact) * (1 - 1e-9))
        assert bounds[4] <= max(2.1 * exact[4], 1e-12)


@pytest.mark.parametrize("name", ["SC", "ESC", "HARD"])
def test_honest_pairs_are_flagged_at_most_one_time_in_a_hundred(name):
    rng = np.random.default_rng(21)
    pairs = [_pair(rng, name, 60) for _ in range(400)]
    assert _flags(pairs, simulations=1500) <= 10  # P(Bin(400, .01) > 10) = .003


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SC", "ESC", "HARD"])
@pytest.mark.parametrize("size", [60, 400])
def test_size_of_the_records_test_over_thousands_of_honest_pairs(name, size):
    rng = np.random.default_rng(22)
    pairs = (_pair(rng, name, size) for _ in range(2000))
    assert _flags(pairs, simulations=1500) <= 34  # 1.1 % and three sds


def test_saturated_records_carry_no_information():
    result = records_test([N, 0], N, [N, 0], N, seed=0)
    assert (result.p_value, result.informative, result.worst_index) == (1.0, 0, None)


@pytest.mark.parametrize(("scale", "direction"), [(1.1, -1), (1 / 1.1, 1)])
def test_a_sigma_ten_percent_off_is_caught_with_its_size_and_direction(scale, direction):
    rng = np.random.default_rng(31)
    pairs = [_pair(rng, "HARD", 300, scale) for _ in range(4)]
    results = [records_test(a, N, r, N, seed=i) for i, (a, r) in enumerate(pairs)]
    # below what 20 000 simulations can show: it survives Holm over a file of 100 tests
    assert all(result.p_value < 1e-6 for result in results)
    assert {result.direction for result in results} == {direction}
    error = np.mean([result.sigma_error for result in results])
    assert error == pytest.approx(scale - 1, abs=0.015)


def test_a_sigma_two_percent_off_is_caught_at_ten_thousand_draws():
    rng, n = np.random.default_rng(32), 10_000
    caught = 0
    for seed in range(20):
        z = population("ESC", 400, rng)
        author, rerun = rng.binomial(n, ndtr(z / 1.02)), rng.binomial(n, ndtr(z))
        caught += records_test(author, n, rerun, n, seed=seed, simulations=2000).p_value < 0.01
    assert caught >= 19  # published power: 1.00


def test_the_sigma_error_of_honest_pairs_is_zero_on_average():
    rng = np.random.default_rng(33)
    pairs = [_pair(rng, "SC", 80) for _ in range(300)]
    errors = [records_test(a, N, r, N, seed=0, simulations=1).sigma_error for a, r in pairs]
    assert abs(np.mean(errors)) < 4 * np.std(errors) / np.sqrt(300)


def test_copied_noise_is_caught():
    rng = np.random.default_rng(41)
    author, _ = _pair(rng)
    result = records_test(author, N, author, N, seed=1)
    assert result.p_value < 1e-6
    assert result.p_under < 1e-6 < result.p_over
    assert result.drift == 0.0


def test_counts_multiplied_by_ten_are_caught():
    rng = np.random.default_rng(42)
    author, rerun = _pair(rng, author_draws=N // 10)
    result = records_test(10 * author, N, rerun, N, seed=1)
    assert result.p_value < 1e-6
    assert result.p_over < 1e-6
    assert result.drift > 0.02


def test_one_forged_record_is_caught_and_named():
    rng = np.random.default_rng(43)
    author, rerun = _pair(rng)
    forged = int(np.argmin(np.abs(rerun - 250)))
    author[forged] = N
    result = records_test(author, N, rerun, N, seed=1)
    assert result.p_value < 0.01
    assert result.worst_index == forged
    assert result.p_single < 1e-6


def test_different_numbers_of_draws_are_compared_without_bias():
    rng = np.random.default_rng(44)
    pairs = [_pair(rng, "HARD", 60, author_draws=100) for _ in range(200)]
    assert _flags(pairs, author_draws=100, simulations=1500) <= 7  # P(Bin(200, .01) > 7) = .001


def test_the_same_seed_gives_the_same_p_values():
    author, rerun = _pair(np.random.default_rng(45))
    assert records_test(author, N, rerun, N, seed=7) == records_test(author, N, rerun, N, seed=7)


def test_an_example_at_one_half_has_no_direction():
    result = records_test([5], 10, [5], 10, seed=0, simulations=100)
    assert (result.sigma_error, result.direction) == (0.0, 0)


def test_inputs_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        records_test([1, 2], 10, [1], 10, seed=0)
    with pytest.raises(ValueError, match="simulations"):
        records_test([1], 10, [1], 10, seed=0, simulations=0)
    with pytest.raises(ValueError, match="hits"):
        records_test([11], 10, [1], 10, seed=0)
