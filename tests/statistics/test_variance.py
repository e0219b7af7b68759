"""The variance of author minus re-run against the variance of simulated pairs of runs."""

import numpy as np
import pytest

from repaudit.statistics import variance
from repaudit.statistics.certificate import z_lattice
from repaudit.statistics.predictive import Protocol
from tests.oracles.smoothing import normal_cdf, run

PROTOCOL = Protocol(50, 500, 0.001)
LATTICE = z_lattice(500, 0.001)
NORMS = 10 ** (np.linspace(50, 60, 300) / 20)


def _statistics(one):
    """The statistics of a run, in the order of `_estimates`; by their definitions."""
    certified = one.radius > 0
    correct = np.where(one.right, one.radius, 0.0)
    snr = 20 * np.log10(NORMS / np.where(certified, one.radius, 1.0))
    reach = one.radius >= LATTICE[400]
    return [
        np.sum(correct >= LATTICE[400]),
        np.sum(~certified),
        np.sum(certified & ~one.right),
        np.sum(2 * one.label_hits > 500),
        correct.mean(),
        one.radius[certified].mean(),
        correct[correct > 0].mean(),
        snr[certified].mean(),
        snr[correct > 0].mean(),
        0.5 * np.sum(reach) - 0.5 * np.sum(certified & ~reach),
        0.25 * np.sum(reach & one.right) - 0.75 * np.sum(certified & ~reach & one.right),
    ]


def _estimates(hits, protocol, kappa):
    v = variance
    weighted = v.ThresholdVariance(hits, protocol, "certified", kappa=kappa)
    quarter = v.ThresholdVariance(hits, protocol, "certified_correct", level=0.25, kappa=kappa)
    return [
        v.variance_of_count(hits, 400, protocol, kappa),
        v.variance_of_abstentions(hits, protocol, kappa),
        v.variance_of_certified_wrong(hits, protocol, kappa),
        v.variance_of_smoothed_correct(hits, protocol, kappa),
        v.variance_of_mean_radius(hits, protocol, "all", kappa),
        v.variance_of_mean_radius(hits, protocol, "certified", kappa),
        v.variance_of_mean_radius(hits, protocol, "certified_correct", kappa),
        v.variance_of_mean_snr(hits, NORMS, protocol, "certified", kappa),
        v.variance_of_mean_snr(hits, NORMS, protocol, "certified_correct", kappa),
        weighted.at(400),
        quarter.at(400),
    ]


def test_variances_match_simulated_ones_at_kappa_one_when_the_examples_are_spread():
    rng = np.random.default_rng(8)
    p = normal_cdf(np.linspace(-2.5, 4.5, 300))
    runs = [run(p, 50, 500, LATTICE, rng) for _ in range(3000)]
    true = 2 * np.var([_statistics(one) for one in runs], axis=0)
    estimated = np.mean([_estimates(one.label_hits, PROTOCOL, 1.0) for one in runs[:40]], axis=0)
    # 3000 runs: three sds of a variance are .08. The mean radius errs upwards: certain
    # examples never leave the ceiling, and the prior lets them
    assert np.all(estimated / true > 0.9)
    assert np.all(estimated / true < 1.25)


@pytest.mark.parametrize("p", [0.5, 0.569, 0.8, 0.9, 0.9986])
def test_kappa_two_covers_the_worst_case_of_all_examples_on_one_threshold(p):
    # kappa = 1 falls to 1/4 - asin(2/3) / (2 pi) = .1339 of .25 there
    rng = np.random.default_rng(3)
    hits = rng.binomial(500, p, 4000)
    threshold = max(int(np.ceil(500 * p)), PROTOCOL.k_min)
    one = rng.binomial(50, p, 4000) * 2 > 50
    q = np.mean(one & (rng.binomial(500, p, 4000) >= threshold))
    true = 2 * 4000 * q * (1 - q)
    assert variance.variance_of_count(hits, threshold, PROTOCOL) > 0.98 * true


def test_a_noisy_copy_varies_by_p_times_one_minus_p():
    # by hand: 100 examples at p = 1/2 differ by a variance of 2 * 100 / 4, times kappa = 2
    v = variance.variance_of_noisy_correct([250] * 100, PROTOCOL)
    assert v == pytest.approx(100.0, rel=0.01)


def test_one_threshold_per_example_adds_up_over_the_examples():
    hits, thresholds = np.array([480, 300, 499]), np.array([470, 310, 500])
    alone = [
        variance.variance_of_count([k], t, PROTOCOL) for k, t in zip(hits, thresholds, strict=True)
    ]
    together = variance.variance_of_count(hits, thresholds, PROTOCOL)
    assert together == pytest.approx(sum(alone), rel=1e-9)
    weighted = variance.ThresholdVariance(hits, PROTOCOL, "certified")
    parts = [
        variance.ThresholdVariance([k], PROTOCOL, "certified").at(t)
        for k, t in zip(hits, thresholds, strict=True)
    ]
    assert weighted.at(thresholds) == pytest.approx(sum(parts), rel=1e-9)


def test_a_mean_over_certified_needs_a_protocol_that_certifies():
    with pytest.raises(ValueError, match="no example can be certified"):
        variance.variance_of_mean_radius([9] * 4, Protocol(3, 9, 0.001), "certified")
    assert variance.variance_of_mean_radius([9] * 4, Protocol(3, 9, 0.001)) == 0.0


def test_norms_of_zero_have_no_snr():
    with pytest.raises(ValueError, match="norms_over_sigma"):
        variance.variance_of_mean_snr([500], [0.0], PROTOCOL)
