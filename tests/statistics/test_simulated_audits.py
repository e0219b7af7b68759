"""Whole tables, audited: honest ones pass the family of tests, planted lies do not.

Every report has 15 claims: smoothed accuracy, certified accuracy at 0, .25, .5, .75 and 1 x
ceiling, abstentions, certified wrong, mean radius and mean SNR, and medians and quantiles of
radius and SNR over three populations. Declared values are exact or have four digits.
"""

import numpy as np
import pytest

from repaudit.statistics import swap, variance
from repaudit.statistics import swap_quantile as sq
from repaudit.statistics.certificate import ceiling_z, hits_for_z, z_lattice
from repaudit.statistics.multiplicity import holm
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.quantile import sample_quantile
from tests.oracles.smoothing import normal_cdf, population, run

PROTOCOLS = {500: Protocol(50, 500, 0.001), 1000: Protocol(100, 1000, 0.001)}
RADII = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def _counts(one, protocol):
    """The eight counts of a report."""
    correct = np.where(one.right, one.radius, 0.0)
    ceiling = ceiling_z(protocol.n, protocol.alpha)
    reach = [np.sum((correct > 0) & (correct >= r * ceiling)) for r in RADII]
    wrong = np.sum((one.radius > 0) & ~one.right)
    return [*reach, np.sum(2 * one.label_hits > protocol.n), np.sum(one.radius == 0), wrong]


def _count_variances(hits, protocol):
    thresholds = hits_for_z(
        RADII * ceiling_z(protocol.n, protocol.alpha), protocol.n, protocol.alpha
    )
    return [
        *(variance.variance_of_count(hits, k, protocol) for k in thresholds),
        variance.variance_of_smoothed_correct(hits, protocol),
        variance.variance_of_abstentions(hits, protocol),
        variance.variance_of_certified_wrong(hits, protocol),
    ]


def _values(one, norms):
    """Radius over all, certified, certified correct; SNR over all and certified."""
    correct, certified = np.where(one.right, one.radius, 0.0), one.radius > 0
    with np.errstate(divide="ignore"):
        snr, snr_all = (20 * np.log10(norms / r) for r in (one.radius, correct))
    return correct, one.radius[certified], correct[correct > 0], snr_all, snr[certified]


def _p_values(author, rerun, norms, protocol, lie=lambda counts: counts):
    """One p per claim of a report by ``author``, with ``lie`` applied to the eight counts."""
    size, hits = norms.size, rerun.label_hits
    p = [
        swap.test_count(a / size, a / size, b, size, v).p_value
        for a, b, v in zip(
            lie(np.array(_counts(author, protocol))),
            _counts(rerun, protocol),
            _count_variances(hits, protocol),
            strict=True,
        )
    ]
    theirs, ours = _values(author, norms), _values(rerun, norms)
    v = variance.variance_of_mean_radius(hits, protocol)
    p.append(swap.test_mean(*_printed(theirs[0].mean()), ours[0].mean(), v).p_value)
    if theirs[2].size == 0 or ours[2].size == 0:
        return p
    v = variance.variance_of_mean_snr(hits, norms, protocol)
    p.append(swap.test_mean(*_printed(theirs[4].mean()), ours[4].mean(), v).p_value)
    quantiles = [
        (0, 0.5, "lower", sq.radius_thresholds(hits, 1.0, protocol)),
        (1, 0.5, None, sq.radius_thresholds(hits, 1.0, protocol, "certified")),
        (2, 0.25, "linear", _quarter(hits, protocol)),
        (3, 0.5, "upper", sq.snr_thresholds(hits, norms, protocol)),
        (4, 0.5, "midpoint", sq.snr_thresholds(hits, norms, protocol, "certified")),
    ]
    for which, level, how, thresholds in quantiles:
        claim = _printed(sample_quantile(theirs[which], level, how or "upper"))
        p.append(sq.test_quantile(*claim, ours[which], thresholds, level, how).p_value)
    return p


def _quarter(hits, protocol):
    return sq.radius_thresholds(hits, 1.0, protocol, "certified_correct", level=0.25)


def _printed(value):
    return value - 5e-5, value + 5e-5


def _flagged(name, n, size, seed, author_scale=1.0, **lie):
    """Audit one simulated report; the author may run at another sigma than declared."""
    rng, protocol = np.random.default_rng(seed), PROTOCOLS[n]
    lattice = z_lattice(n, 0.001)
    z = population(name, size, rng)
    norms = np.full(size, 400.0) if seed % 16 else 400 * np.exp(rng.normal(0, 0.5, size))
    author = run(normal_cdf(z / author_scale), protocol.n0, n, lattice, rng)
    rerun = run(normal_cdf(z), protocol.n0, n, lattice, rng)
    return holm(_p_values(author, rerun, norms, protocol, **lie)).min() < 0.01


@pytest.mark.parametrize("name", ["SC", "ESC", "HARD", "EXACT1"])
def test_honest_tables_are_flagged_at_most_one_time_in_a_hundred(name):
    flags = sum(_flagged(name, 500, 60, seed) for seed in range(50))
    assert flags <= 3  # P(Bin(50, .01) > 3) = .002


@pytest.mark.slow
@pytest.mark.parametrize("n", [500, 1000])
@pytest.mark.parametrize("size", [60, 400])
@pytest.mark.parametrize("name", ["SC", "ESC", "HARD", "EXACT1"])
def test_false_flags_over_many_honest_tables(name, size, n):
    flags = sum(_flagged(name, n, size, seed) for seed in range(1000, 1250))
    assert flags <= 8  # P(Bin(250, .01) > 8) = .001


def _add(points, which):
    def lie(counts):
        counts = counts.copy()
        counts[which] = np.minimum(counts[which] + round(points / 100 * 400), 400)
        return counts

    return lie


@pytest.mark.parametrize("name", ["SC", "ESC"])
def test_five_points_on_the_positive_radius_accuracy_are_caught(name):
    caught = sum(_flagged(name, 1000, 400, seed, lie=_add(5, [0])) for seed in range(1, 8))
    assert caught >= 6  # published power at n = 10 000: 1.00


def test_two_points_on_every_certified_accuracy_are_caught():
    caught = sum(_flagged("SC", 1000, 400, seed, lie=_add(2, [0, 1, 2, 3, 4])) for seed in range(8))
    assert caught >= 7  # published power at n = 10 000: 1.00


@pytest.mark.parametrize("factor", [1.1, 0.9])
def test_a_table_computed_with_a_sigma_ten_percent_off_is_caught(factor):
    # radii and SNR of the author are those of sigma * factor; medians sit at the ceiling
    protocol, rng = PROTOCOLS[500], np.random.default_rng(9)
    p = normal_cdf(population("SC", 60, rng))
    lattice = z_lattice(500, 0.001)
    author, rerun = (run(p, 50, 500, lattice, rng) for _ in range(2))
    claim = _printed(factor * np.median(author.radius))
    thresholds = sq.radius_thresholds(rerun.label_hits, 1.0, protocol)
    values = np.where(rerun.right, rerun.radius, 0.0)
    result = sq.test_quantile(*claim, values, thresholds, 0.5, "lower")
    assert result.p_value < 1e-6
    assert result.direction == (1 if factor > 1 else -1)
