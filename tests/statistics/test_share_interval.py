"""The interval of a share holds the truth whenever somebody chooses to stop."""

import numpy as np
import pytest

from repaudit.statistics.share_interval import share_interval


def test_all_of_the_population_leaves_one_value() -> None:
    assert share_interval([True, True, False, True], 4, 0.01) == (0.75, 0.75)


def test_nothing_seen_leaves_everything() -> None:
    assert share_interval([], 10, 0.01) == (0.0, 1.0)


def test_interval_shrinks_around_the_share_as_more_is_seen() -> None:
    outcomes = [i % 10 != 0 for i in range(2000)]  # nine of ten, evenly
    widths = []
    for seen in (50, 200, 800):
        low, high = share_interval(outcomes[:seen], 5000, 0.01)
        assert low <= 0.9 <= high
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.1


def test_interval_is_wider_at_a_smaller_risk() -> None:
    outcomes = [i % 4 != 0 for i in range(200)]
    narrow, wide = share_interval(outcomes, 1000, 0.1), share_interval(outcomes, 1000, 0.001)
    assert wide[0] < narrow[0] <= narrow[1] < wide[1]


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.02, 0.5, 0.93])
def test_truth_is_missed_at_most_at_the_level_whatever_the_stop(share: float) -> None:
    """400 orders, looked at after every 25 examples at level .1; misses are Bin(400, <= .1).

    More than 58 would have a chance below .001 at .1.
    """
    rng, population, misses = np.random.default_rng(8), 300, 0
    truth = np.arange(population) < round(share * population)
    for _ in range(400):
        order = rng.permutation(truth).tolist()
        intervals = (share_interval(order[:n], population, 0.1) for n in range(25, 301, 25))
        misses += any(not low <= truth.mean() <= high for low, high in intervals)
    assert misses <= 58
