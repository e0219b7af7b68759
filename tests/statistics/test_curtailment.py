"""Draws that stop early: the table of the design, exact errors, refinement, edges."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from repaudit.statistics import curtailment as module
from repaudit.statistics.certificate import ceiling_z, hits_for_z, minimum_hits
from repaudit.statistics.curtailment import CELLS, Bounds, curtailment, looks
from tests.oracles.sequential import curtailed_errors

N0, N, ALPHA, DELTA = 100, 10_000, 0.001, 1e-7


def _needed(of_ceiling, n=N):
    return int(hits_for_z(of_ceiling * ceiling_z(n, ALPHA), n, ALPHA))


def test_there_are_seventeen_looks_at_ten_thousand_draws():
    # by hand: 16 * 1.5^j without its fraction; statistics.md 4.2 names 121, 182, 410, 4670, 7006
    assert looks(N) == (
        16, 24, 36, 54, 81, 121, 182, 273, 410, 615, 922, 1383, 2075, 3113, 4670, 7006, 10_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n", "expected"), [(1, (1,)), (16, (16,)), (17, (16, 17)), (24, (16, 24))]
)
def test_the_last_look_is_at_all_draws_and_there_once(n, expected):
    assert looks(n) == expected


@pytest.mark.parametrize(
    ("of_ceiling", "first"), [(0.0, 36), (0.25, 121), (0.5, 410), (0.75, 4670)]
)
def test_the_first_draws_that_can_accept_are_those_of_the_design(of_ceiling, first):
    # statistics.md 4.1, layer 2
    rule = curtailment(N0, N, _needed(of_ceiling), DELTA)
    assert next(t for t, f in zip(rule.looks, rule.accept, strict=True) if f >= 0) == first


def test_the_ceiling_is_never_accepted_before_all_draws_and_rejected_at_one_failure():
    rule = curtailment(N0, N, N, DELTA)
    assert rule.accept == (-1,) * 16 + (0,)
    assert rule.reject == (1,) * 17


def test_a_count_above_all_draws_is_rejected_at_the_first_look():
    rule = curtailment(N0, 9, 10)
    assert (rule.looks, rule.decide(0, 0)) == ((9,), False)


def test_tails_are_those_of_the_binomial_law_at_every_count():
    q = np.array([0.0, 1e-9, 0.3, 0.97, 1.0])
    for failures in range(-1, 7):
        expected = stats.binom.cdf(failures, 5, q)  # oracle: scipy.stats
        assert module.at_most(failures, 5, q) == pytest.approx(expected, rel=1e-12)
        expected = stats.binom.sf(failures - 1, 5, q)
        assert module.at_least(failures, 5, q) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("of_ceiling", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("n", [500, 1000, N])
def test_later_looks_accept_and_reject_more_failures_and_never_both(n, of_ceiling):
    rule = curtailment(N0, n, _needed(of_ceiling, n))
    accept, reject = np.array(rule.accept), np.array(rule.reject)
    assert np.all(np.diff(accept) >= 0)
    possible = reject[reject <= n]
    assert np.all(np.diff(possible) >= 0)
    assert np.all(accept < reject)


@pytest.mark.parametrize("n", [100, 1000])
def test_more_needed_votes_are_accepted_later_and_rejected_sooner(n):
    rules = [curtailment(N0, n, k) for k in range(minimum_hits(n, ALPHA), n + 2, n // 10)]
    for easy, hard in pairwise(rules):
        assert np.all(np.array(hard.accept) <= easy.accept)
        assert np.all(np.array(hard.reject) <= easy.reject)


def test_a_smaller_error_draws_longer():
    bold, timid = (curtailment(N0, 1000, 700, delta) for delta in (1e-3, 1e-9))
    assert np.all(np.array(timid.accept) <= bold.accept)
    assert np.all(np.array(timid.reject) >= bold.reject)
    assert timid.accept != bold.accept


def test_what_is_certain_is_decided_whatever_the_error():
    rule = curtailment(n0=N0, n=100, needed=90, delta=1e-300)
    # 11 failures leave 89 votes at most; with 90 votes the selection alone is open
    assert rule.reject[:3] == (11, 11, 11)
    assert rule.accept == (-1,) * 6
    assert rule.decide(5, 10) is None


def test_all_draws_decide_alone_where_no_selection_can_fail():
    # 95 of 100: P(at most 5 failures) P(Bin(100, p) <= 50) is below 1e-9 at every p
    rule = curtailment(n0=N0, n=100, needed=95)
    assert rule.decide(5, 5) is True
    assert rule.decide(5, 6) is False
    # but ten draws select nothing for certain
    assert curtailment(n0=10, n=100, needed=60).decide(5, 40) is None


@pytest.mark.parametrize("of_ceiling", [0.0, 0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize("n", [500, N])
def test_four_times_as_many_cells_move_no_decision_by_more_than_one_failure(n, of_ceiling):
    needed = _needed(of_ceiling, n)
    error = DELTA / (2 * len(looks(n)))
    ours, fine = (Bounds(N0, n, needed, error, cells) for cells in (CELLS, 4 * CELLS))
    for t in looks(n):
        assert 0 <= fine.accept(t) - ours.accept(t) <= 1
        assert 0 <= ours.reject(t) - fine.reject(t) <= 1


@pytest.mark.parametrize(
    ("n0", "n", "needed"), [(20, 60, 40), (21, 50, 40), (30, 48, 28), (5, 40, 30)]
)
def test_no_hit_probability_makes_wrong_decisions_likelier_than_delta(n0, n, needed):
    # by walking every number of failures in exact fractions; delta so large that looks err
    delta, worst = 0.3, [0.0, 0.0]
    rule = curtailment(n0, n, needed, delta)
    for step in range(1, 30):
        p = Fraction(step, 30)
        errors = curtailed_errors(p, n0, n, needed, rule.looks, rule.accept, rule.reject)
        assert sum(errors) <= delta
        assert max(errors) <= delta / 2
        worst = [max(a, float(b)) for a, b in zip(worst, errors, strict=True)]
    assert min(worst) > 1e-4  # both decisions are taken early, and can be wrong


@pytest.mark.parametrize("of_ceiling", [0.0, 0.25, 0.5])
def test_twenty_thousand_examples_near_the_threshold_are_decided_as_all_draws_would(of_ceiling):
    rng = np.random.default_rng(5)
    needed, size = _needed(of_ceiling), 20_000
    rule = curtailment(N0, N, needed)
    centre = needed / N
    p = np.clip(centre + rng.normal(0.0, 6.0, size) * np.sqrt(centre * (1 - centre) / N), 0, 1)
    failures = np.cumsum(rng.binomial(np.diff([0, *rule.looks]), (1 - p)[:, None]), axis=1)
    y = (N - failures[:, -1] >= needed) & (2 * rng.binomial(N0, p) > N0)
    decided = np.zeros(size, bool)
    for at in range(len(rule.looks)):
        accept = ~decided & (failures[:, at] <= rule.accept[at])
        reject = ~decided & (failures[:, at] >= rule.reject[at])
        assert np.all(y[accept])
        assert not np.any(y[reject])
        decided |= accept | reject
    assert decided.mean() > 0.2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: looks(0), "at least 1"),
        (lambda: curtailment(100, 50, 0), "needed"),
        (lambda: curtailment(100, 50, 52), "needed"),
        (lambda: curtailment(0, 50, 40), "n0"),
        (lambda: curtailment(100, 50, 40, 0.0), "delta"),
        (lambda: curtailment(100, 50, 40).decide(0, 17), "failures"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
