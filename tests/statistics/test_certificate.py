"""The lattice of radii: known tables, exact rationals, and the guarantee on a linear classifier."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import ndtr

from repaudit.statistics import certificate
from tests.oracles import binomial as oracle

# n, alpha, k_min, R_min / sigma, R_(n-1) / sigma, ceiling / sigma: the published ceiling table
TABLE = [
    (100, 0.001, 66, 0.00414, 1.3493, 1.50048),
    (1000, 0.001, 550, 0.00169, 2.3577, 2.46326),
    (10_000, 0.05, 5083, 6.5e-5, 3.3053, 3.43204),
    (10_000, 0.01, 5117, 4.7e-5, 3.2100, 3.31366),
    (10_000, 0.001, 5156, 0.000251, 3.1140, 3.19858),
    (100_000, 0.001, 50_490, 2.2e-5, 3.7391, 3.81146),
]


@pytest.mark.parametrize(("n", "alpha", "k_min", "weakest", "second", "ceiling"), TABLE)
def test_ceiling_table_is_reproduced_to_its_printed_digits(
    n, alpha, k_min, weakest, second, ceiling
):
    assert certificate.minimum_hits(n, alpha) == k_min
    assert certificate.certified_z(k_min - 1, n, alpha) == 0.0
    assert certificate.certified_z(k_min, n, alpha) == pytest.approx(weakest, rel=0.02)
    assert certificate.certified_z(n - 1, n, alpha) == pytest.approx(second, abs=5.1e-5)
    assert certificate.ceiling_z(n, alpha) == pytest.approx(ceiling, abs=5.1e-6)


def test_top_of_the_grid_at_sigma_one_four_hundredth_is_the_published_one():
    radii = 0.0025 * certificate.certified_z(np.arange(9996, 10_001), 10_000, 0.001)
    published = [0.007430, 0.007525, 0.007639, 0.007785, 0.007996]
    assert np.round(radii, 6).tolist() == published


@pytest.mark.parametrize("alpha", ["0.001", "0.05", "0.5", "0.25"])
@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 11, 64])
def test_smallest_certifying_count_equals_exact_rational_arithmetic(n, alpha):
    # alpha = 1/2 and 1/4 meet tails exactly: equality is not "below", so it abstains
    expected = oracle.minimum_hits(n, Fraction(alpha))
    assert certificate.minimum_hits(n, float(alpha)) == expected
    positive = np.flatnonzero(certificate.z_lattice(n, float(alpha)))
    assert (positive.min() if positive.size else None) == expected


@pytest.mark.parametrize("k", [24, 30, 39, 40])
def test_radius_equals_a_computation_in_sixty_digits(k):
    expected = oracle.z_of(oracle.lower_bound(k, 40, "0.2"))
    assert certificate.certified_z(k, 40, 0.2) == pytest.approx(expected, rel=1e-12)


def test_radius_keeps_its_digits_where_the_bound_is_near_one():
    # mpmath, 60 digits: Phi^-1((10^-12) ** (1 / 10^5))
    expected = oracle.z_of(oracle.mpmath.mpf(10) ** (oracle.mpmath.mpf(-12) / 10**5))
    assert certificate.ceiling_z(100_000, 1e-12) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("n", "alpha"), [(10, 0.001), (500, 0.001), (1000, 0.05), (10_000, 0.001)])
def test_the_count_needed_for_a_radius_of_a_count_is_that_count(n, alpha):
    k_min = certificate.minimum_hits(n, alpha)
    radii = certificate.z_lattice(n, alpha)[k_min:]
    assert np.array_equal(certificate.hits_for_z(radii, n, alpha), np.arange(k_min, n + 1))
    just_above = certificate.hits_for_z(radii * (1 + 1e-7), n, alpha)
    assert np.array_equal(just_above, np.arange(k_min, n + 1) + 1)


def test_too_few_draws_certify_nothing():
    assert certificate.minimum_hits(9, 0.001) is None
    assert certificate.hits_for_z([0.0, 1.0], 9, 0.001).tolist() == [10, 10]
    assert certificate.z_lattice(9, 0.001).tolist() == [0.0] * 10


@pytest.mark.parametrize("z", [0.0, 0.5, 1.0, 2.5, 3.0])
@pytest.mark.parametrize("alpha", [0.5, 0.05, 0.001])
def test_draws_needed_is_the_first_number_whose_ceiling_reaches(z, alpha):
    n = certificate.n_needed(z, alpha)
    assert certificate.ceiling_z(n, alpha) >= z
    assert certificate.ceiling_z(n, alpha) > 0
    if n > 1:
        before = certificate.ceiling_z(n - 1, alpha)
        assert before < z or before == 0


def test_numbers_without_meaning_are_refused():
    with pytest.raises(ValueError, match="nan"):
        certificate.hits_for_z(np.nan, 100, 0.001)
    with pytest.raises(ValueError, match="alpha"):
        certificate.n_needed(1.0, 0.0)
    with pytest.raises(ValueError, match="no number of draws"):
        certificate.n_needed(np.inf, 0.001)


def test_radius_of_a_linear_classifier_exceeds_the_true_one_no_more_often_than_alpha():
    # exact radius |w.x + b| / ||w||; a noisy copy stays on its side with Phi(radius / sigma)
    rng, sigma, alpha = np.random.default_rng(5), 0.5, 0.02
    w, b = rng.normal(size=8), 0.3
    x = rng.normal(size=(20_000, 8))
    true_radius = np.abs(x @ w + b) / np.linalg.norm(w)
    hits = rng.binomial(300, ndtr(true_radius / sigma))
    claimed = sigma * certificate.certified_z(hits, 300, alpha)
    # 20 000 trials: three sds are .003
    assert np.mean(claimed > true_radius) < alpha + 0.003
    assert np.mean(claimed > 0.5 * true_radius) > 0.8  # and it is not vacuous
