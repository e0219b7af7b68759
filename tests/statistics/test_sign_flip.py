"""The targeted record audit: exact law, size under selection by the author, power."""

from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from repaudit.statistics import sign_flip
from tests.oracles.smoothing import population

N = 10_000


def _by_enumeration(author, rerun, n):
    """Two-sided p over all patterns of signs, from the definition."""
    a, r = np.array(author, float), np.array(rerun, float)
    share = (a + r) / (2 * n)
    terms = (a - r) / np.sqrt(2 * n * share * (1 - share))
    sums = [abs(float(np.dot(signs, terms))) for signs in product((-1, 1), repeat=a.size)]
    return np.mean([s >= abs(terms.sum()) - 1e-9 for s in sums])


def _telling(author, rng, most, n=N):
    return rng.permutation(np.flatnonzero(sign_flip.in_window(author, n)))[:most]


def test_the_window_has_exact_ends():
    # .55 * 20 = 11 and .995 * 200 = 199, where floating point puts .55 * 20 above 11
    assert sign_flip.in_window([10, 11], 20).tolist() == [False, True]
    assert sign_flip.in_window([199, 200], 200).tolist() == [True, False]
    assert sign_flip.in_window([], 20).size == 0


@pytest.mark.parametrize("seed", range(6))
def test_p_is_that_of_all_patterns_of_signs(seed):
    rng = np.random.default_rng(seed)
    author, rerun = rng.integers(60, 99, (2, 9))
    result = sign_flip.sign_flip_test(author, rerun, 100, seed)
    # equal counts change no pattern: twice as many patterns, the same share
    assert result.p_value == pytest.approx(_by_enumeration(author, rerun, 100))
    assert (result.informative, result.left_out) == (9, 0)


def test_p_is_exact_for_ten_and_simulated_for_a_hundred_pairs_that_all_differ_one_way():
    ten = sign_flip.sign_flip_test([90] * 10, [80] * 10, 100, 0)
    assert ten.p_value == 2 / 2**10
    hundred = sign_flip.sign_flip_test([90] * 100, [80] * 100, 100, 0)
    assert hundred.p_value == pytest.approx(1 / 20_001)
    assert (hundred.direction, hundred.median_shift) == (1, pytest.approx(0.1))


def test_simulated_patterns_agree_with_all_of_them():
    rng = np.random.default_rng(3)
    author, rerun = rng.integers(600, 990, (2, 17))
    exact = _by_enumeration(author, rerun, 1000)
    drawn = sign_flip.sign_flip_test(author, rerun, 1000, seed=1)
    assert drawn.p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))
    assert drawn == sign_flip.sign_flip_test(author, rerun, 1000, seed=1)
    assert drawn.p_value != sign_flip.sign_flip_test(author, rerun, 1000, seed=2).p_value


def test_exchanging_the_runs_changes_nothing_but_the_direction():
    author, rerun = [90, 80, 95, 70, 60], [85, 81, 90, 60, 62]
    one = sign_flip.sign_flip_test(author, rerun, 100, 0)
    other = sign_flip.sign_flip_test(rerun, author, 100, 0)
    assert (one.p_value, one.direction) == (other.p_value, -other.direction)
    assert one.direction == 1
    assert one.sigma_error < 0 < other.sigma_error  # more confident: as if at a smaller sigma


def test_pairs_with_a_count_outside_the_window_are_left_out_on_either_side():
    inside = sign_flip.sign_flip_test([90, 80, 70], [80, 70, 60], 100, 0)
    more = sign_flip.sign_flip_test([90, 80, 70, 100, 99], [80, 70, 60, 90, 100], 100, 0)
    assert (more.p_value, more.informative, more.left_out) == (inside.p_value, 3, 2)


@pytest.mark.parametrize(("author", "rerun"), [([], []), ([100], [99]), ([80, 90], [80, 90])])
def test_nothing_to_compare_rejects_nothing(author, rerun):
    result = sign_flip.sign_flip_test(author, rerun, 100, 0)
    assert (result.p_value, result.direction, result.sigma_error) == (1.0, 0, 0.0)
    assert result.informative + result.left_out == len(author)


@pytest.mark.parametrize("error", [-0.1, 0.05, 0.2])
def test_the_size_of_a_sigma_error_is_recovered(error):
    rng = np.random.default_rng(8)
    p = rng.uniform(0.6, 0.98, 400)
    author = rng.binomial(N, ndtr(ndtri(p) / (1 + error)))
    result = sign_flip.sign_flip_test(author, rng.binomial(N, p), N, 0)
    assert result.sigma_error == pytest.approx(error, abs=0.005)
    assert result.direction == -np.sign(error)
    assert result.p_value < 1e-3


def test_honest_counts_chosen_by_the_authors_are_rejected_one_time_in_a_hundred():
    # chosen above .9 of the draws, where a test on sums would see the author's luck
    rng = np.random.default_rng(9)
    flags = 0
    for i in range(1000):
        p = ndtr(population("ESC", 400, rng))
        author, rerun = rng.binomial(200, p), rng.binomial(200, p)
        chosen = _telling(author, rng, 20, 200)
        result = sign_flip.sign_flip_test(author[chosen], rerun[chosen], 200, i, simulations=999)
        flags += result.p_value < 0.01
    assert flags <= 19  # P(Bin(1000, .01) > 19) = .003


@pytest.mark.parametrize(
    ("author", "rerun", "settings", "message"),
    [
        ([90], [90, 80], {}, "shape"),
        ([101], [90], {}, "0..draws"),
        ([[90]], [[90]], {}, "one dimension"),
        ([90], [80], {"simulations": 0}, "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(author, rerun, settings, message):
    with pytest.raises(ValueError, match=message):
        sign_flip.sign_flip_test(author, rerun, 100, 0, **settings)
