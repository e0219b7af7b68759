"""Sample quantiles against NumPy, and where NumPy has no answer."""

import numpy as np
import pytest

from repaudit.statistics.quantile import sample_quantile

METHODS = {"lower": "lower", "upper": "higher", "midpoint": "midpoint", "linear": "linear"}


@pytest.mark.parametrize("how", METHODS)
@pytest.mark.parametrize("size", [1, 2, 5, 10, 101])
@pytest.mark.parametrize("level", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_quantile_equals_that_of_numpy(how, size, level):
    values = np.random.default_rng(size).normal(size=size)
    expected = np.quantile(values, level, method=METHODS[how])
    assert sample_quantile(values, level, how) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("how", METHODS)
def test_an_abstention_ranks_last_and_never_gives_nan(how):
    # by hand: four of six are finite, so the median lies between 3 and 4
    values = [np.inf, 1.0, 2.0, 3.0, 4.0, np.inf]
    assert 3.0 <= sample_quantile(values, 0.5, how) <= 4.0
    assert sample_quantile([np.inf, np.inf, 1.0], 0.5, how) == np.inf


def test_only_the_lower_median_is_finite_when_half_abstain():
    values = [1.0, np.inf]
    medians = {how: sample_quantile(values, 0.5, how) for how in METHODS}
    assert medians == {"lower": 1.0, "upper": np.inf, "midpoint": np.inf, "linear": np.inf}


@pytest.mark.parametrize(
    ("values", "level"), [([], 0.5), ([1.0, np.nan], 0.5), ([-np.inf], 0.5), ([1.0], 1.5)]
)
def test_a_sample_without_a_quantile_is_refused(values, level):
    with pytest.raises(ValueError, match=r"values|level"):
        sample_quantile(values, level, "lower")
