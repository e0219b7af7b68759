"""Means and medians over examples and draws: size and power by simulation, ends by hand."""

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics import draws


def _pair(rng, examples, author, rerun, between=0.3, within=0.006):
    """Norm ratios of a clipping transform: examples differ much, draws little."""
    centre = 270 * np.exp(rng.normal(0, between, (examples, 1)))
    return [centre * (1 + within * rng.normal(size=(examples, m))) for m in (author, rerun)]


def test_mean_variance_is_the_one_of_the_formula():
    values = np.array([[1.0, 3.0], [5.0, 5.0]])  # by hand: s^2 = 2 and 0
    result = draws.test_draw_mean(9.0, 9.0, values, 1)
    assert result.variance == pytest.approx(2 * 2 * (1 + 1 / 2) / 4)
    # distance 5.5 less the floor of .001 * 3.5
    z = (5.5 - 0.0035) / np.sqrt(1.5)
    assert result.p_value == pytest.approx(2 * stats.norm.sf(z))


def test_differences_below_the_floor_are_no_evidence():
    values = np.full((4, 2), 2.0)
    assert draws.test_draw_mean(2.0019, 2.0019, values, 1).p_value == 1.0
    assert draws.test_draw_mean(2.0021, 2.0021, values, 1).p_value == 0.0
    assert draws.test_draw_mean(2.0001, 2.0001, values, 1, floor_relative=0.0).p_value == 0.0
    tiny = np.full((4, 2), 6.5e-8)  # the identity in float32
    assert draws.test_draw_mean(3e-8, 3e-8, tiny, 1).p_value == 1.0
    assert draws.test_draw_quantile(3e-8, 3e-8, tiny, 1).p_value == 1.0
    assert draws.test_draw_quantile(2.0021, 2.0022, values, 1).p_value < 0.01


@pytest.mark.parametrize(("examples", "author", "rerun"), [(12, 1, 2), (48, 4, 2), (48, 1, 4)])
def test_honest_means_and_medians_are_rejected_at_most_one_time_in_a_hundred(
    examples, author, rerun
):
    rng, reports, flags = np.random.default_rng(2), 600, np.zeros(2)
    for _ in range(reports):
        theirs, ours = _pair(rng, examples, author, rerun)
        mean, median = theirs.mean(), np.median(theirs)
        flags += [
            draws.test_draw_mean(mean, mean, ours, author, floor_relative=0).p_value < 0.01,
            draws.test_draw_quantile(median, median, ours, author, floor_relative=0).p_value < 0.01,
        ]
    # 1 % of 600 is 6; P(Bin(600, .01) > 13) = .003
    assert np.all(flags <= 13)


def test_a_mean_that_is_off_by_two_percent_is_caught():
    theirs, ours = _pair(np.random.default_rng(2), 48, 2, 2)
    honest = theirs.mean()
    result = draws.test_draw_mean(1.02 * honest, 1.02 * honest, ours, 2)
    assert result.p_value < 1e-6
    assert result.direction == 1
    assert result.honest_low < honest < result.honest_high < 1.02 * honest


def test_a_median_is_caught_where_examples_are_alike():
    theirs, ours = _pair(np.random.default_rng(2), 200, 2, 2, between=0.02)
    honest = np.median(theirs)
    for factor, direction in ((1.03, 1), (0.97, -1)):
        result = draws.test_draw_quantile(factor * honest, factor * honest, ours, 2)
        assert result.p_value < 1e-6
        assert result.direction == direction
    assert result.honest_low < honest < result.honest_high


def test_the_re_runs_own_median_is_never_doubted():
    _, ours = _pair(np.random.default_rng(4), 7, 1, 2)
    for how, method in (("lower", "lower"), ("upper", "higher"), (None, "midpoint")):
        own = np.quantile(ours, 0.5, method=method)
        assert draws.test_draw_quantile(own, own, ours, 3, 0.5, how).p_value == 1.0


@pytest.mark.parametrize("values", [[[1.0]], [1.0, 2.0], np.empty((0, 2)), [[1.0, np.inf]]])
def test_values_without_a_within_example_spread_are_refused(values):
    with pytest.raises(ValueError, match="values"):
        draws.test_draw_mean(0, 1, values, 1)


def test_an_author_without_draws_is_refused():
    with pytest.raises(ValueError, match="author_draws"):
        draws.test_draw_quantile(0, 1, [[1.0, 2.0]], 0)
