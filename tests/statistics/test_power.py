"""Detectable distances against brute force and closed forms."""

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics import power
from repaudit.statistics.curtailment import curtailment
from repaudit.statistics.populations import MIXTURES, NAMES, quantiles_of
from repaudit.statistics.power import Variances


@pytest.mark.parametrize("variance", [0.3, 2.0, 9.0, 60.0])
@pytest.mark.parametrize("level", [0.01, 0.01 / 12])
def test_rejected_and_detected_distances_are_those_of_the_skellam_law(variance, level):
    tested = stats.skellam(variance / 2, variance / 2)
    honest = stats.skellam(variance / 4, variance / 4)
    rejected = next(d for d in range(1, 200) if 2 * tested.sf(d - 1) < level)
    detected = next(d for d in range(1, 200) if honest.sf(rejected - d - 1) >= 0.9)
    assert power.rejected_distance(variance, level) == rejected
    # the variance is taken to three digits, which these have
    assert power.detected_distance(Variances.of(variance), level) == detected


def test_power_is_the_mean_over_re_runs_that_turn_out_differently():
    calm, wild = (power.detected_distance(Variances.of(v), 0.001) for v in (2.0, 18.0))
    both = power.detected_distance(Variances((2.0, 18.0), (1.0, 9.0)), 0.001)
    assert calm < both <= wild


def test_a_count_without_variance_shows_one_example():
    assert power.detected_distance(Variances.of(0.0), 1e-9) == 1.0
    assert power.likely_distance(0.0) == 0.0


@pytest.mark.parametrize("level", [0.05, 0.001])
def test_a_mean_is_detected_at_the_sum_of_two_normal_quantiles(level):
    found = power.detected_mean(Variances.of(0.5), level)
    by_hand = stats.norm.isf(level / 2) * 0.5**0.5 + stats.norm.ppf(0.9) * 0.25**0.5
    assert found == pytest.approx(by_hand, rel=1e-9)


def test_draws_are_those_of_examples_followed_one_by_one():
    rules = [curtailment(20, 200, needed) for needed in (120, 180)]
    p = np.array([0.5, 0.7, 0.93, 0.999])
    found = power.mean_draws(rules, np.repeat(p, 5000), 20, seed=1)
    rng, total = np.random.default_rng(2), []
    for one in np.repeat(p, 500):
        failures = np.cumsum(rng.random(200) >= one)
        total.append(_drawn(rules, failures))
    # of 2000 examples, whose draws have an sd below 90
    assert abs(found - np.mean(total)) < 4 * 90 / 2000**0.5


def _drawn(rules, failures):
    decided = [False] * len(rules)
    for look, draws in enumerate(rules[0].looks):
        for index, rule in enumerate(rules):
            decided[index] |= rule.decide(look, int(failures[draws - 1])) is not None
        if all(decided):
            return draws
    return 220


def test_quantiles_of_a_population_have_its_shares():
    for name, (sure, between) in MIXTURES.items():
        p = quantiles_of(name, 1000)
        assert np.mean(p < 0.5) == pytest.approx(1.0 - sure - between)
        # Phi(4.5): below it lie those in between and, of N(7, 1), Phi(-2.5) = .0062
        assert np.mean(p > stats.norm.cdf(4.5)) == pytest.approx(sure * 0.9938, abs=0.002)
    assert set(NAMES) == {*MIXTURES, "HARD"}
