"""Holm's adjustment against statsmodels, and by hand."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from repaudit.statistics.multiplicity import holm


@pytest.mark.parametrize("size", [1, 2, 5, 30])
def test_adjusted_values_equal_those_of_statsmodels_in_order(size):
    p = np.random.default_rng(size).random(size) ** 3
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12)


def test_an_empty_family_stays_empty():
    assert holm([]).size == 0


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
def test_numbers_that_are_no_probabilities_are_refused(p):
    with pytest.raises(ValueError, match="p_values"):
        holm([0.5, p])
