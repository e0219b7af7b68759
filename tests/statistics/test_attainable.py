"""Printed numbers against a lattice: membership and the chance of it, by brute force."""

import numpy as np
import pytest

from repaudit.statistics.attainable import (
    chance_of_between,
    chance_of_member,
    holds_between,
    holds_member,
    neighbours,
    widened,
)
from repaudit.statistics.bounds import bound_lattice

LATTICE = bound_lattice(100, 0.001, "clopper_pearson_one_sided")


def test_membership_is_that_of_a_search_through_all_values():
    rng = np.random.default_rng(1)
    low = rng.uniform(0.0, 1.6, 500)
    high = low + 0.01
    inside = (low[:, None] <= LATTICE) & (high[:, None] >= LATTICE)
    assert holds_member(LATTICE, low, high).tolist() == inside.any(axis=1).tolist()


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_a_number_between_two_values_is_that_of_all_pairs(share):
    rng = np.random.default_rng(2)
    one, other = np.triu_indices(len(LATTICE))
    pairs = (1.0 - share) * LATTICE[one] + share * LATTICE[other]
    for low in rng.uniform(1.2, 1.52, 100):
        expected = bool(np.any((pairs >= low) & (pairs <= low + 1e-3)))
        assert holds_between(LATTICE, share, low, low + 1e-3) == expected


def test_the_chance_is_the_share_of_printed_numbers_nearby_that_fit():
    value, unit = 1.35, 0.001  # neighbours: 5 % of 1.35 is 67 numbers to each side
    numbers = value + unit * np.arange(-68, 69)
    counted = holds_member(LATTICE, numbers - unit / 2, numbers + unit / 2).mean()
    found = chance_of_member(LATTICE, [value - unit / 2], [value + unit / 2])
    assert found[0] == pytest.approx(counted, abs=1.5 / len(numbers))
    assert neighbours(value - unit / 2, value + unit / 2) in (135, 137)


def test_numbers_of_several_units_each_get_their_own_chance():
    together = chance_of_member(LATTICE, [0.9995, 1.095], [1.0005, 1.105])
    apart = [
        chance_of_member(LATTICE, [low], [high])[0]
        for low, high in [(0.9995, 1.0005), (1.095, 1.105)]
    ]
    np.testing.assert_allclose(together, apart)
    assert together[1] > together[0]


def test_the_chance_between_two_values_is_never_understated():
    rng = np.random.default_rng(3)
    one, other = np.triu_indices(len(LATTICE))
    pairs = (LATTICE[one] + LATTICE[other]) / 2
    for value in rng.uniform(1.3, 1.5, 20):
        reach = round(0.05 * value / 1e-3)
        numbers = value + 1e-3 * np.arange(-reach, reach + 1)
        counted = np.mean([np.any(np.abs(pairs - number) <= 5e-4) for number in numbers])
        assert chance_of_between(LATTICE, 0.5, value - 5e-4, value + 5e-4) >= counted - 0.02


def test_a_radius_stored_in_float32_stays_in_its_interval():
    rng = np.random.default_rng(4)
    exact = rng.uniform(1e-6, 4.0, 1000)
    low, high = widened(exact, exact)
    stored = exact.astype(np.float32).astype(np.float64)
    assert np.all((low <= stored) & (stored <= high))
