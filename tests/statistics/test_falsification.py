"""Flips against certificates: exact tails, and what an honest table is charged with."""

import math

import mpmath
import numpy as np
import pytest
from scipy.special import ndtri

from repaudit.statistics import falsification
from repaudit.statistics.certificate import certified_z, z_lattice


def tail(hits, draws, z):
    """P(Bin(draws, Phi(z)) >= hits), summed in 50 digits."""
    with mpmath.workdps(50):
        p = mpmath.erfc(-mpmath.mpf(z) / mpmath.sqrt(2)) / 2
        return float(
            mpmath.fsum(
                mpmath.binomial(draws, j) * p**j * (1 - p) ** (draws - j)
                for j in range(hits, draws + 1)
            )
        )


@pytest.mark.parametrize(
    ("hits", "draws", "z"), [(10, 10, 0.0), (500, 500, 2.0), (498, 500, 1.2), (60, 100, 0.1)]
)
def test_p_value_is_the_binomial_tail_and_the_error_of_the_confirmation(hits, draws, z):
    expected = tail(hits, draws, z)
    actual = falsification.certificate_p_value(hits, draws, z, 0.0)
    assert actual == pytest.approx(expected, rel=1e-10)
    assert falsification.certificate_p_value(hits, draws, z, 1e-4) == pytest.approx(
        expected + 1e-4, rel=1e-10
    )


@pytest.mark.parametrize(("hits", "draws"), [(500, 500), (490, 500), (9998, 10_000)])
def test_a_flip_at_the_radius_itself_has_the_certificates_own_alpha(hits, draws):
    """R is where P(Bin(n, Phi(R / sigma)) >= k) = alpha: so no honest flip is below alpha."""
    z = float(certified_z(hits, draws, 0.001))
    assert falsification.certificate_p_value(hits, draws, z, 0.0) == pytest.approx(0.001, rel=1e-9)


def test_nearer_flips_are_stronger_evidence():
    p = [falsification.certificate_p_value(495, 500, z) for z in (0.0, 0.5, 1.0, 1.5, 2.0)]
    assert p == sorted(p)
    assert falsification.certificate_p_value(0, 500, 1.0) == 1.0


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((11, 10, 1.0), "hits"),
        ((-1, 10, 1.0), "hits"),
        ((1, 10, -0.1), "z"),
        ((1, 10, math.nan), "z"),
        ((1, 10, 1.0, 2.0), "confirmation_error"),
    ],
)
def test_impossible_numbers_are_refused(arguments, name):
    with pytest.raises(ValueError, match=name):
        falsification.certificate_p_value(*arguments)


def test_confirmations_leave_the_family_room_for_its_test():
    """A flip whose count was impossible refutes in a family of any size."""
    for family in (1.0, 100.0, 1e5):
        error = falsification.confirmation_error(family)
        assert error <= 1e-4
        p = falsification.certificate_p_value(10_000, 10_000, 0.0, error)
        assert falsification.is_refuted(p, family)


def test_attempts_on_a_table_that_hardly_certifies_count_for_more():
    assert falsification.family_size([(10, 1000, 10)]) == 1000.0
    assert falsification.family_size([(0, 5, 0)]) == 0.0
    with pytest.raises(ValueError, match="certified"):
        falsification.family_size([(1, 5, 0)])


def test_table_p_value_is_a_binomial_tail():
    """By hand: 1 - .99^2 for one of two, .01^2 for both."""
    assert falsification.table_p_value(1, 2, 0.01, 0.0) == pytest.approx(0.0199, rel=1e-12)
    assert falsification.table_p_value(2, 2, 0.01, 0.0) == pytest.approx(1e-4, rel=1e-12)
    assert falsification.table_p_value(0, 2, 0.01) == 1.0
    with pytest.raises(ValueError, match="flipped"):
        falsification.table_p_value(3, 2, 0.01)
    with pytest.raises(ValueError, match="alpha"):
        falsification.table_p_value(1, 2, 0.0)


@pytest.mark.parametrize(
    "p",
    [
        np.full(1000, 0.5),  # nothing to certify: every certificate is a wrong one
        np.full(1000, 0.55),
        np.concatenate([np.full(500, 0.5), np.linspace(0.5, 0.999, 500)]),
    ],
    ids=["a coin", "a weak class", "half coins"],
)
def test_an_attacker_who_knows_everything_refutes_no_honest_table_beyond_one_per_cent(p):
    """It finds the flip at the exact distance sigma Phi^-1(p) wherever that lies in the ball.

    2000 tables of 1000 examples, 20 attempts each: one per cent is 20 of them, and the chance of
    more than 36 at one per cent is below 1e-3 (binomial). The coins are the hard case: almost
    nothing is certified, and whatever is, flips at distance 0.
    """
    n, alpha, tables = 200, 0.001, 2000
    lattice, rng = z_lattice(n, alpha), np.random.default_rng(5)
    truth = np.maximum(ndtri(p), 0.0)
    wrong = 0
    for _ in range(tables):
        hits = rng.binomial(n, p)
        certified = np.flatnonzero(lattice[hits] > 0.0)
        chosen = rng.permutation(certified)[:20]
        family = falsification.family_size([(len(chosen), len(p), max(len(certified), 1))])
        error = falsification.confirmation_error(family)
        flipped = chosen[truth[chosen] < lattice[hits[chosen]]]
        values = [
            falsification.certificate_p_value(int(hits[i]), n, float(truth[i]), error)
            for i in flipped
        ]
        table = falsification.table_p_value(len(flipped), len(p), alpha, error)
        wrong += any(falsification.is_refuted(v, family) for v in values) or (
            falsification.is_table_refuted(table, 1)
        )
    assert wrong <= 36
