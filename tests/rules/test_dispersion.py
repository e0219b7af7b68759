"""Standard deviations of whole counts, against every combination of counts enumerated."""

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from repaudit.contract.claim import Claim
from repaudit.rules._counts import whole
from repaudit.rules._dispersion import deviation_of_values, has_counts, printed_variance
from repaudit.rules._quantity import interval_of


def squares(counts):
    """The sum of squared deviations, from its definition."""
    mean = Fraction(sum(counts), len(counts))
    return sum((count - mean) ** 2 for count in counts)


@pytest.mark.parametrize(("groups", "size"), [(2, 9), (3, 9), (3, 4)])
def test_exactly_the_sums_of_squares_that_some_counts_have_are_found(groups, size):
    every = {}
    for counts in combinations_with_replacement(range(size + 1), groups):
        every.setdefault(sum(counts), set()).add(squares(counts))
    for total in range(groups * size + 1):
        found = {
            Fraction(sixths, 6)
            for sixths in range(6 * 2 * size * size)
            if has_counts(total, size, groups, (Fraction(sixths, 6), Fraction(sixths, 6)))
        }
        assert found == every[total]


def test_an_interval_of_squares_between_two_attained_ones_holds_none():
    # By hand: three counts that sum to 3 have 0, 2, 6, ...
    assert not has_counts(3, 10, 3, (Fraction(21, 10), Fraction(59, 10)))
    assert has_counts(3, 10, 3, (Fraction(59, 10), Fraction(60, 10)))


def exists(value, deviation, ddof):
    """Whether three seeds of 5074 have a mean and a standard deviation."""
    spread = {"value": deviation, "statistic": "std", "over": "seeds", "ddof": ddof}
    claim = Claim(metric="noisy_accuracy", value=value, unit="percent", spread=spread)
    low, high = printed_variance(claim, interval_of, 3)
    first, last = whole(interval_of(claim), 3 * 5074)
    factor = Fraction(3 - ddof) * 5074**2
    return any(
        has_counts(t, 5074, 3, (low * factor, high * factor)) for t in range(first, last + 1)
    )


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_papers_deviations_over_three_seeds_exist(ddof):
    # Representation-aware audio smoothing, table 1, Speech Commands: 17 to 54 triples each.
    rows = [("92.25", "0.57"), ("92.55", "0.57"), ("92.65", "0.61"), ("92.10", "0.49")]
    assert all(exists(value, deviation, ddof) for value, deviation in rows)


def test_more_digits_than_the_counts_have_do_not_exist():
    # Three counts with sum 14043 (92.255 % of 15222 is 14043.1): 4681, 4681, 4681 deviate by 0,
    # 4680, 4681, 4682 by 1/5074 = .0197 points.
    assert exists("92.255", "0.0197", 1)
    assert not exists("92.255", "0.0100", 1)


def test_the_deviation_of_printed_values_is_bounded_by_their_digits():
    # By hand: 92.00 and 92.50 deviate by .35355 with divisor 1; half a digit each moves it by
    # at most .005 sqrt(2).
    values = [(Fraction("91.995"), Fraction("92.005")), (Fraction("92.495"), Fraction("92.505"))]
    low, high = deviation_of_values(values, 1)
    assert (low, high) == pytest.approx((0.353553 - 0.0070711, 0.353553 + 0.0070711), abs=1e-6)
