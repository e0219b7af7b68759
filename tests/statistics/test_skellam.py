"""Skellam tails against scipy.stats and against the exact law they must dominate."""

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics.skellam import largest_plausible, skellam_tail, weighted_tail


@pytest.mark.parametrize("variance", [0.02, 0.5, 3.0, 40.0, 399.0])
@pytest.mark.parametrize("distance", [-4, 0, 1, 2, 7])
def test_tail_equals_that_of_scipy(variance, distance):
    expected = stats.skellam.sf(distance - 1, variance / 2, variance / 2)
    assert skellam_tail(distance, variance) == pytest.approx(expected, rel=1e-6)


def test_tail_has_no_step_where_the_normal_law_takes_over():
    below, above = skellam_tail(60, 400.0), skellam_tail(60, 400.001)
    assert above == pytest.approx(below, rel=0.03)


def test_tail_bounds_the_exact_law_of_two_exchangeable_counts_at_the_usual_levels():
    # 30 examples with q = .3: the difference of two counts is a difference of binomials
    size, q = 30, 0.3
    pmf = stats.binom.pmf(np.arange(size + 1), size, q)
    difference = np.convolve(pmf, pmf[::-1])
    for d in range(8, 20):  # beyond 1.5 sds
        exact = difference[size + d :].sum()
        assert skellam_tail(d, 2 * size * q * (1 - q)) >= exact


def test_distances_are_rounded_up_and_rounding_noise_is_not():
    assert skellam_tail(1.2, 2.0) == skellam_tail(2, 2.0)
    assert skellam_tail(1.0 + 1e-12, 2.0) == skellam_tail(1, 2.0)


def test_weighted_tail_covers_a_count_that_moves_in_halves():
    # one example in or out of the population moves the sum by 1/2: D = +-1/2 with v each
    assert weighted_tail(0.5, 0.02, (1.0, 0.5)) == skellam_tail(1, 0.08)


def test_largest_plausible_distance_is_where_scipy_crosses_the_level():
    for variance in (0.001, 0.3, 5.0, 90.0):
        d = largest_plausible(variance, 0.01)
        two_sided = 2 * stats.skellam.sf([d - 1, d], variance / 2, variance / 2)
        assert d == 0 or two_sided[0] >= 0.01
        assert two_sided[1] < 0.01


@pytest.mark.parametrize("variance", [-1.0, np.nan])
def test_a_variance_that_is_none_is_refused(variance):
    with pytest.raises(ValueError, match="variance"):
        skellam_tail(1, variance)
