"""Clopper-Pearson bounds against three second opinions, and by what they promise."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from repaudit.statistics import binomial
from tests.oracles import binomial as oracle


@pytest.mark.parametrize("n", [1, 7, 25])
def test_lower_bound_equals_a_bisection_in_sixty_digits(n):
    expected = [float(oracle.lower_bound(k, n, "0.001")) for k in range(1, n + 1)]
    actual = binomial.clopper_pearson_one_sided(np.arange(1, n + 1), n, 0.001)
    np.testing.assert_allclose(actual, expected, rtol=1e-12)


@pytest.mark.parametrize(("n", "alpha"), [(100, 0.001), (1000, 0.05), (10_000, 0.01)])
def test_bounds_equal_those_of_statsmodels_at_twice_the_error(n, alpha):
    hits = np.unique(np.linspace(0, n, 37).astype(int))
    low, high = proportion_confint(hits, n, alpha=2 * alpha, method="beta")
    np.testing.assert_allclose(binomial.clopper_pearson_one_sided(hits, n, alpha), low, rtol=1e-11)
    np.testing.assert_allclose(
        binomial.clopper_pearson_one_sided_upper(hits, n, alpha), high, rtol=1e-11
    )
    both = binomial.clopper_pearson_two_sided(hits, n, 1 - 2 * alpha)
    np.testing.assert_allclose(both, (low, high), rtol=1e-11)


@pytest.mark.parametrize("p", [0.02, 0.5, 0.51, 0.93, 0.999])
def test_bounds_miss_the_truth_no_more_often_than_alpha(p):
    hits = np.random.default_rng(11).binomial(200, p, 40_000)
    alpha = 0.01  # 40 000 trials: three sds are .0015
    assert np.mean(binomial.clopper_pearson_one_sided(hits, 200, alpha) > p) < alpha + 0.0015
    assert np.mean(binomial.clopper_pearson_one_sided_upper(hits, 200, alpha) < p) < alpha + 0.0015


@pytest.mark.parametrize(("hits", "draws"), [(-1, 5), (6, 5), (2.5, 5), (0, 0), (1, 1.5)])
def test_impossible_counts_are_refused(hits, draws):
    with pytest.raises(ValueError, match=r"hits|draws"):
        binomial.clopper_pearson_one_sided(hits, draws, 0.001)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, np.nan])
def test_an_alpha_outside_the_unit_interval_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha"):
        binomial.clopper_pearson_one_sided(1, 2, alpha)
