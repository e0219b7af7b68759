"""Medians and quantiles of radius and SNR, judged through counts."""

import numpy as np
import pytest

from repaudit.statistics import swap_quantile as sq
from repaudit.statistics.certificate import ceiling_z, certified_z, z_lattice
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.quantile import sample_quantile
from repaudit.statistics.quantile_sides import centred_bounds

PROTOCOL = Protocol(50, 500, 0.001)
LATTICE = z_lattice(500, 0.001)
CEILING = ceiling_z(500, 0.001)


def _spread_hits(size=101):
    return np.linspace(300, 500, size).astype(int)


@pytest.mark.parametrize("how", ["lower", "midpoint", "upper", "linear"])
@pytest.mark.parametrize("size", [1, 2, 5, 6])
@pytest.mark.parametrize("level", [0.25, 0.5, 0.9])
def test_bounds_hold_for_the_samples_own_quantile(how, size, level):
    values = np.random.default_rng(size).normal(size=size)
    q = sample_quantile(values, level, how)
    needed, allowed = centred_bounds(level, how, size)
    centre = (1 - level) * size
    assert np.sum(values >= q - 1e-12) - centre >= needed - 1e-9
    assert np.sum(values > q + 1e-12) - centre <= allowed + 1e-9
    loose = centred_bounds(level, how, None)
    assert loose[0] <= needed + 1e-9
    assert loose[1] >= allowed - 1e-9


def test_bounds_are_the_ranks_of_the_median_by_hand():
    # four values: lower median needs three at or above, upper two; at most two, one above
    assert centred_bounds(0.5, "lower", 4) == (1.0, 0.0)
    assert centred_bounds(0.5, "upper", 4) == (0.0, -1.0)
    assert centred_bounds(0.5, None, 4) == centred_bounds(0.5, "midpoint", 4) == (0.0, 0.0)


def test_the_re_runs_own_median_is_never_doubted():
    hits = _spread_hits()
    for population in ("all", "certified", "certified_correct"):
        thresholds = sq.radius_thresholds(hits, 0.25, PROTOCOL, population)
        values = 0.25 * LATTICE[hits]
        q = sample_quantile(values, 0.5, "lower")
        result = sq.test_quantile(q, q, values, thresholds, 0.5, "lower")
        assert (result.p_value, result.direction) == (1.0, 0)
        assert result.honest_low <= q <= result.honest_high


@pytest.mark.parametrize(("factor", "direction"), [(1.5, 1), (0.5, -1)])
def test_a_median_far_from_the_re_run_is_rejected_in_its_direction(factor, direction):
    hits = _spread_hits()
    thresholds = sq.radius_thresholds(hits, 0.25, PROTOCOL)
    values = 0.25 * LATTICE[hits]
    q = factor * sample_quantile(values, 0.5, "lower")
    result = sq.test_quantile(q, q, values, thresholds, 0.5, "lower")
    assert result.p_value < 1e-6
    assert result.direction == direction


def test_honest_ends_are_where_rejection_begins():
    hits = _spread_hits()
    thresholds = sq.radius_thresholds(hits, 0.25, PROTOCOL)
    values = 0.25 * LATTICE[hits]
    result = sq.test_quantile(0.2, 0.2, values, thresholds)
    for inside, outside in (
        (result.honest_high, result.honest_high * 1.02),
        (result.honest_low, result.honest_low * 0.98),
    ):
        assert sq.test_quantile(inside, inside, values, thresholds).p_value >= 0.01
        assert sq.test_quantile(outside, outside, values, thresholds).p_value < 0.01


def test_a_saturated_median_can_only_be_the_ceiling():
    # all 60 examples certain: a quarter or more would have to lose a draw at once
    thresholds = sq.radius_thresholds([500] * 60, 1.0, PROTOCOL)
    values = np.full(60, CEILING)
    result = sq.test_quantile(CEILING, CEILING, values, thresholds)
    assert result.p_value == 1.0
    assert result.honest_high == CEILING
    above = sq.test_quantile(1.01 * CEILING, 1.02 * CEILING, values, thresholds)
    assert (above.p_value, above.direction) == (0.0, 1)


def test_a_median_of_zero_is_honest_where_most_abstain():
    hits = np.array([250] * 40 + [500] * 10)
    values = LATTICE[hits]
    thresholds = sq.radius_thresholds(hits, 1.0, PROTOCOL)
    assert sq.test_quantile(0.0, 0.0, values, thresholds).p_value == 1.0
    assert sq.test_quantile(-1.0, -1.0, values, thresholds).direction == -1
    assert sq.test_quantile(CEILING, CEILING, values, thresholds).p_value < 0.01


def test_median_snr_of_equal_norms_is_judged_as_the_median_radius():
    hits = _spread_hits()
    norms = np.full(hits.size, 400.0)
    radius, snr = LATTICE[hits], 20 * np.log10(400.0 / LATTICE[hits])
    r = 1.1 * np.median(radius)
    s = 20 * np.log10(400.0 / r)
    for population in ("all", "certified"):
        by_radius = sq.test_quantile(
            r, r, radius, sq.radius_thresholds(hits, 1.0, PROTOCOL, population)
        )
        by_snr = sq.test_quantile(s, s, snr, sq.snr_thresholds(hits, norms, PROTOCOL, population))
        assert by_snr.p_value == pytest.approx(by_radius.p_value, rel=1e-9)
        assert by_snr.direction == -by_radius.direction == -1
        back = 400.0 * 10 ** (-by_snr.honest_low / 20)
        assert back == pytest.approx(by_radius.honest_high, rel=1e-3)


def test_snr_with_unequal_norms_ranks_abstentions_last():
    hits = np.array([500] * 20 + [250] * 30)
    norms = np.linspace(100, 900, 50)
    values = np.where(hits == 500, 20 * np.log10(norms / CEILING), np.inf)
    thresholds = sq.snr_thresholds(hits, norms, PROTOCOL)
    infinite = sq.test_quantile(np.inf, np.inf, values, thresholds)
    assert (infinite.p_value, infinite.honest_high) == (1.0, np.inf)
    assert sq.test_quantile(40.0, 40.1, values, thresholds).direction == -1


def test_an_empty_population_says_nothing():
    thresholds = sq.radius_thresholds([250] * 20, 1.0, PROTOCOL, "certified")
    assert sq.test_quantile(1.0, 1.0, [], thresholds).p_value == 1.0


def test_settings_without_an_snr_are_refused():
    with pytest.raises(ValueError, match="norms_over_sigma"):
        sq.snr_thresholds([500], [0.0], PROTOCOL)
    with pytest.raises(ValueError, match="no SNR"):
        sq.snr_thresholds([9], [1.0], Protocol(3, 9, 0.001))


def test_weakest_certificate_bounds_the_snr():
    norms = np.array([10.0, 100.0])
    ends = sq.snr_thresholds([500, 400], norms, PROTOCOL, "certified").ends
    k_min = PROTOCOL.k_min
    expected = 20 * np.log10([10.0 / CEILING, 100.0 / certified_z(k_min, 500, 0.001)])
    assert ends == pytest.approx(tuple(expected))
