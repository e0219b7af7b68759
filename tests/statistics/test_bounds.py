"""Bounds against published tables, statsmodels and the exact lattice."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from repaudit.statistics.bounds import bound_ceiling, bound_lattice, upper_miss
from repaudit.statistics.certificate import certified_z, minimum_hits, z_lattice

EXACT = "clopper_pearson_one_sided"
ALL = (EXACT, "clopper_pearson_two_sided", "hoeffding", "wilson", "jeffreys")


@pytest.mark.parametrize(
    ("n", "alpha", "expected"),
    [
        # R / sigma of a unanimous vote; the exact one is Phi^-1(alpha^(1/n)), by hand
        (100, 0.001, (1.50048, 1.45242, 0.89331, 1.35838, 1.62043)),
        (1000, 0.001, (2.46326, 2.42891, 1.56519, 2.34713, 2.54925)),
        (10_000, 0.05, (3.43204, 3.37519, 2.24955, 3.45961, 3.55077)),
        (10_000, 0.001, (3.19858, 3.17091, 2.08390, 3.10418, 3.26817)),
        (100_000, 0.001, (3.81146, 3.78776, 2.51945, 3.73067, 3.87126)),
    ],
)
def test_ceilings_are_those_of_the_table(n, alpha, expected):
    assert [round(bound_ceiling(n, alpha, bound), 5) for bound in ALL] == list(expected)


@pytest.mark.parametrize(
    ("bound", "method"),
    [("wilson", "wilson"), ("jeffreys", "jeffreys"), ("clopper_pearson_one_sided", "beta")],
)
@pytest.mark.parametrize("hits", [600, 900, 997])
def test_bounds_are_those_of_statsmodels(bound, method, hits):
    # its intervals are two-sided, so a one-sided bound at alpha is its lower end at 2 alpha
    low = proportion_confint(hits, 1000, alpha=0.02, method=method)[0]
    assert 1.0 - float(upper_miss(1000 - hits, 1000, 0.01, bound)) == pytest.approx(low, rel=1e-9)


@pytest.mark.parametrize("n", [10, 100, 1000, 9000, 100_000])
@pytest.mark.parametrize("alpha", [0.05, 0.001, 1e-7])
def test_the_interpolated_lattice_is_the_exact_one(n, alpha):
    exact = z_lattice(n, alpha)
    lattice = bound_lattice(n, alpha, EXACT)
    assert len(lattice) == np.count_nonzero(exact)
    np.testing.assert_allclose(lattice, exact[exact > 0.0], rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("bound", ALL)
def test_a_long_lattice_is_that_of_single_counts(bound):
    lattice = bound_lattice(50_000, 0.001, bound)
    misses = np.array([0, 1, 2047, 2048, 2049, 10_000, len(lattice) - 1])
    miss = np.minimum(upper_miss(misses, 50_000, 0.001, bound), 1.0)
    from scipy.special import ndtri

    np.testing.assert_allclose(lattice[::-1][misses], -ndtri(miss), rtol=0.0, atol=1e-9)


def test_the_two_sided_lattice_is_the_one_sided_at_half_of_alpha():
    two = bound_lattice(1000, 0.01, "clopper_pearson_two_sided")
    np.testing.assert_array_equal(two, bound_lattice(1000, 0.005, EXACT))


def test_the_lattice_starts_at_the_smallest_count_that_certifies():
    for n in (11, 100, 10_000):
        k_min = minimum_hits(n, 0.001)
        lattice = bound_lattice(n, 0.001, EXACT)
        assert len(lattice) == n - k_min + 1
        assert lattice[0] == pytest.approx(float(certified_z(k_min, n, 0.001)), rel=1e-9)


def test_no_draws_enough_make_an_empty_lattice():
    assert len(bound_lattice(9, 0.001, EXACT)) == 0  # .5 ** 9 = .00195
    assert bound_ceiling(9, 0.001, EXACT) == 0.0
    assert bound_ceiling(10, 0.001, "hoeffding") == 0.0  # sqrt(ln 1000 / 20) = .59


def test_more_than_a_million_draws_are_refused():
    with pytest.raises(ValueError, match="at most 1000000"):
        bound_lattice(1_000_001, 0.001, EXACT)
