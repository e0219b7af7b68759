"""Counts and means: the interval of a claim, its p-value, the values an honest author may have."""

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics import swap


def test_a_share_at_the_end_of_its_interval_is_attainable():
    assert list(swap.attainable_counts(0.2875, 0.2875, 400)) == [115]  # .2875 * 400 > 115 in floats
    assert list(swap.attainable_counts(0.9215, 0.9225, 60)) == []  # by hand: 55.29 to 55.35
    assert list(swap.attainable_counts(0.95, 1.05, 20)) == [19, 20]
    with pytest.raises(ValueError, match="total"):
        swap.attainable_counts(0, 1, 0)


def test_a_claim_without_an_attainable_count_is_not_tested():
    with pytest.raises(ValueError, match="no count out of 60"):
        swap.test_count(0.9215, 0.9225, 55, 60, 3.0)


@pytest.mark.parametrize(
    ("declared", "direction", "distance"), [(0.9, 1, 10), (0.8, 0, 0), (0.7, -1, 10)]
)
def test_count_is_judged_by_its_distance_in_either_direction(declared, direction, distance):
    result = swap.test_count(declared - 0.004, declared + 0.004, 80, 100, 9.0)
    expected = min(1.0, 2 * stats.skellam.sf(distance - 1, 4.5, 4.5)) if distance else 1.0
    assert result.direction == direction
    assert result.p_value == pytest.approx(expected, rel=1e-6)


def test_honest_shares_are_exactly_those_that_are_not_rejected():
    result = swap.test_count(0.8, 0.8, 80, 100, 9.0)
    p = {k: swap.test_count(k / 100, k / 100, 80, 100, 9.0).p_value for k in range(101)}
    honest = [k for k, value in p.items() if value >= 0.01]
    assert (result.honest_low, result.honest_high) == (min(honest) / 100, max(honest) / 100)


def test_without_variance_only_the_re_runs_own_count_is_honest():
    assert swap.test_count(0.5, 0.5, 5, 10, 0.0).p_value == 1.0
    assert swap.test_count(0.6, 0.6, 5, 10, 0.0).p_value == 0.0
    assert swap.test_count(0.6, 0.6, 5, 10, 0.0).honest_high == 0.5


@pytest.mark.parametrize(("declared", "direction"), [(3.0, 1), (-1.0, -1)])
def test_mean_is_judged_by_the_normal_law(declared, direction):
    result = swap.test_mean(declared, declared, 1.0, 1.0, floor=0.5)
    assert result.direction == direction
    assert result.p_value == pytest.approx(2 * stats.norm.sf(1.5))
    half = stats.norm.isf(0.005) + 0.5
    assert (result.honest_low, result.honest_high) == pytest.approx((1 - half, 1 + half))


def test_mean_without_variance_is_a_point():
    assert swap.test_mean(1.0, 1.0, 1.0, 0.0).p_value == 1.0
    assert swap.test_mean(1.1, 1.2, 1.0, 0.0).p_value == 0.0


@pytest.mark.parametrize("variance", [-1.0, np.nan])
def test_a_variance_that_is_none_is_refused(variance):
    with pytest.raises(ValueError, match="variance"):
        swap.test_mean(0.0, 1.0, 0.5, variance)


def test_smallest_detectable_difference_is_where_rejection_begins():
    share = swap.smallest_detectable_difference(9.0, total=100)
    above = swap.test_count(0.5 + share, 0.5 + share, 50, 100, 9.0)
    below = swap.test_count(0.49 + share, 0.49 + share, 50, 100, 9.0)
    assert above.p_value < 0.01 <= below.p_value
    assert swap.smallest_detectable_difference(4.0) == pytest.approx(2 * stats.norm.isf(0.005))
    assert swap.smallest_detectable_difference(4.0, level=0.001) > 2 * stats.norm.isf(0.005)
