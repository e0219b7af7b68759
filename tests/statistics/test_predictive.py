"""The posterior tables against quadrature in many digits and plain sums."""

import mpmath
import numpy as np
import pytest
from scipy import stats

from repaudit.statistics.certificate import z_lattice
from repaudit.statistics.predictive import (
    GRID_P,
    Posterior,
    Protocol,
    chance_at_least,
    lattice_moments,
    selection,
)


@pytest.mark.parametrize("k", [0, 1, 30, 59, 60])
def test_posterior_mean_is_that_of_the_jeffreys_beta(k):
    # Beta(k + 1/2, n - k + 1/2): mean (k + 1/2) / (n + 1)
    assert Posterior([k], 60).mean(GRID_P) == pytest.approx((k + 0.5) / 61, rel=1e-9)


def test_posterior_mean_of_a_tail_variance_equals_quadrature():
    n, k, threshold = 60, 55, 56
    density = stats.beta(k + 0.5, n - k + 0.5).pdf

    def integrand(p):
        tail = stats.binom.sf(threshold - 1, n, float(p))
        return density(float(p)) * tail * (1 - tail)

    expected = float(mpmath.quad(integrand, np.linspace(0.6, 1.0, 9).tolist()))
    tail = chance_at_least(threshold, n)
    assert Posterior([k], n).mean(tail * (1 - tail))[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("n", [60, 1000, 4000])
def test_thresholds_of_one_value_each_agree_with_one_for_all(n):
    hits = np.array([0, n // 2, n - 3, n, n])
    posterior = Posterior(hits, n)
    threshold = (3 * n) // 4
    tail = chance_at_least(threshold, n)

    def variance(index, tails):
        return tails[0] * (1 - tails[0])

    each = posterior.mean_by_threshold(np.full(5, threshold), variance, both_classes=False)
    np.testing.assert_allclose(each, posterior.mean(tail * (1 - tail)), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("n0", [1, 2, 7, 50])
def test_selection_is_a_majority_with_ties_split(n0):
    votes = np.arange(n0 + 1)
    wins = np.where(2 * votes > n0, 1.0, np.where(2 * votes == n0, 0.5, 0.0))
    at = [0, 400, 800, 1200, 1599]
    expected = [stats.binom.pmf(votes, n0, GRID_P[g]) @ wins for g in at]
    np.testing.assert_allclose(selection(n0)[at], expected, rtol=1e-9)


@pytest.mark.parametrize("in_decibel", [False, True])
def test_lattice_moments_are_plain_sums_over_the_counts(in_decibel):
    protocol = Protocol(10, 80, 0.01)
    z = z_lattice(80, 0.01)
    f = np.where(z > 0, -20 * np.log10(np.where(z > 0, z, 1)), 0) if in_decibel else z
    first, second = lattice_moments(protocol, in_decibel)
    for g in (100, 900, 1500):
        mass = stats.binom.pmf(np.arange(81), 80, GRID_P[g])
        assert first[g] == pytest.approx(mass @ f, rel=1e-9, abs=1e-14)
        assert second[g] == pytest.approx(mass @ f**2, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("settings", [(0, 100, 0.001), (10, 0, 0.001), (10, 100, 0.0)])
def test_a_protocol_under_which_nothing_is_defined_is_refused(settings):
    with pytest.raises(ValueError, match=r"protocol|draws|alpha"):
        Protocol(*settings)


def test_more_draws_than_the_grid_resolves_are_refused():
    with pytest.raises(ValueError, match="protocol"):
        Protocol(100, 1_000_001, 0.001)
