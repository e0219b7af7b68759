"""The betting martingale and the audit built on it: exact law, every order, edges."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit.statistics.sequential import BETS, Martingale, SequentialAudit, examples_needed
from tests.oracles import sequential as oracle

EXACT_BETS = [Fraction(float(bet)) for bet in BETS]


def _values(martingale, xs):
    values = []
    for x in xs:
        martingale.add(float(x))
        values.append(martingale.value)
    return values


def test_there_are_fourteen_logarithmic_bets_and_eight_large_ones():
    assert BETS.size == 22
    assert BETS[[0, 13]] == pytest.approx([0.003, 0.3])
    assert np.ptp(np.diff(np.log(BETS[:14]))) == pytest.approx(0.0, abs=1e-12)
    assert BETS[14:].tolist() == [0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98]


@pytest.mark.parametrize(
    ("xs", "null_mean"),
    [
        ((1, 0, 1, 1, 0, 0), Fraction(1, 2)),
        ((0, 0, 0, 1, 1, 1), Fraction(1, 3)),  # m_t reaches 1/2 and more, then rejects
        ((1, 0, 0, 1, 0, 0), Fraction(1, 6)),  # m_t = 0 after one example
        ((0, 0, 1, 0, 1, 1), Fraction(2, 3)),  # m_t = 1 after two examples
        ((Fraction(1, 2), 1, 0, Fraction(1, 2), Fraction(1, 2), 1), Fraction(7, 12)),
    ],
)
def test_the_stake_is_that_of_the_definition_in_fractions(xs, null_mean):
    xs = [Fraction(x) for x in xs]
    expected = oracle.stakes(xs, 6, null_mean, EXACT_BETS)
    measured = _values(Martingale(6, float(null_mean)), xs)
    for ours, theirs in zip(measured, expected, strict=True):
        if theirs == oracle.INFINITE:
            assert ours == np.inf
        else:
            assert ours == pytest.approx(float(theirs), rel=1e-12)


def test_a_null_that_leaves_only_zeros_is_rejected_by_the_next_one_and_not_by_a_zero():
    martingale = Martingale(4, 0.25)
    martingale.add(1.0)
    before = martingale.value
    martingale.add(0.0)
    assert martingale.value == before < np.inf
    martingale.add(1.0)
    assert martingale.value == np.inf
    assert martingale.rejects(1e-300)


def test_betting_ends_where_the_null_is_certain():
    martingale = Martingale(3, 0.7)  # 2.1 of 3: after a zero, m_t = 1.05
    martingale.add(0.0)
    before = martingale.value
    martingale.extend([1.0, 1.0])
    assert martingale.value == before
    assert Martingale(5, 1.2).extend(np.ones(5)).tolist() == [0.0] * 5


def test_rounding_of_the_total_is_no_evidence():
    # 0.1 * 3 > .3 in floating point, and (1 - .1) / 2 * 30 is not a sum of halves exactly
    for population in range(1, 200):
        for ones in range(population + 1):
            martingale = Martingale(population, ones / population)
            martingale.extend(np.r_[np.ones(ones), np.zeros(population - ones)])
            assert martingale.value < np.inf


def test_a_negative_null_mean_is_rejected_before_the_first_example():
    martingale = Martingale(10, -0.01)
    assert (martingale.seen, martingale.value, martingale.p_value) == (0, np.inf, 0.0)
    assert martingale.rejects(0.001)
    assert Martingale(10, 0.0).value == 1.0


def test_the_p_value_remembers_the_best_stake():
    martingale = Martingale(100, 0.5)
    assert martingale.p_value == 1.0
    martingale.extend([1.0] * 10)
    best = martingale.value
    martingale.extend([0.0] * 20)
    assert martingale.value < 1.0 < best
    assert martingale.p_value == pytest.approx(1.0 / best)
    assert martingale.rejects(1.01 / best)
    assert not martingale.rejects(0.99 / best)


def test_a_stake_too_large_for_a_float_is_infinite_without_a_warning():
    martingale = Martingale(20_000, 0.5)
    martingale.extend(np.ones(9_900))
    assert martingale.value == np.inf
    assert martingale.p_value == 0.0


@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=40),
    st.integers(0, 40),
    st.floats(-0.1, 1.1),
)
def test_examples_in_one_piece_or_one_by_one_give_the_same_stake(xs, cut, null_mean):
    whole, pieces = Martingale(40, null_mean), Martingale(40, null_mean)
    path = whole.extend(xs)
    for part in (xs[:cut], xs[cut:]):
        pieces.extend(part)
    singly = _values(Martingale(40, null_mean), xs)
    assert pieces.value == pytest.approx(whole.value, rel=1e-9)
    assert singly == pytest.approx(np.exp(path), rel=1e-9)
    assert pieces.p_value == pytest.approx(whole.p_value, rel=1e-9)
    assert whole.seen == pieces.seen == len(xs)


@given(st.lists(st.sampled_from([0.0, 0.5]), min_size=5, max_size=20), st.integers(0, 4))
def test_a_larger_example_never_lowers_the_stake_of_the_step_it_is_added_at(xs, at):
    lower, higher = Martingale(20, 0.6), Martingale(20, 0.6)
    lower.extend(xs[: at + 1])
    higher.extend([*xs[:at], xs[at] + 0.5])
    assert higher.value >= lower.value


# --- every order of a small population ------------------------------------------------------

DIFFERENCES = [
    (1, 1, 0, 0, 0, 0, 0, 0),
    (1, 1, 1, -1, 0, 0, 0, 0),
    (1, 1, 1, 1, -1, -1, 0, 0),
    (1, 1, 1, 1, 1, -1, -1, -1),
    (1, 0, 0, 0, 0, 0, 0),
]


@pytest.mark.parametrize("differences", DIFFERENCES)
@pytest.mark.parametrize("direction", ["confirm", "refute"])
def test_at_the_exact_boundary_all_orders_together_reject_at_most_the_risk(differences, direction):
    size = len(differences)
    margin = Fraction(sum(differences), size)
    sign = -1 if direction == "confirm" else 1
    null_mean = (1 + sign * margin) / 2
    best, total, count = [], np.zeros(size), 0
    for order in oracle.orders([Fraction(o) for o in differences]):
        audit = SequentialAudit.comparison(size, float(margin))
        confirm, refute = audit.extend([float(o) for o in order])
        path = np.exp(confirm if direction == "confirm" else refute)
        if count % 97 == 0:  # the definition, exactly
            xs = [(1 + sign * o) / 2 for o in order]
            exact = oracle.stakes(xs, size, null_mean, EXACT_BETS)
            assert path == pytest.approx([float(v) for v in exact], rel=1e-9)
        best.append(path.max())
        total += path
        count += 1
    # a fair game: the mean stake is 1 at every step; Ville: P(max >= 1 / risk) <= risk
    assert total / count == pytest.approx(np.ones(size), rel=1e-9)
    best = np.array(best)
    for risk in (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.009):
        assert np.mean(best >= 1 / risk) <= risk
    assert np.mean(best >= 1 / 0.9) > 0  # some order does win


def test_all_orders_of_a_poll_at_the_boundary_reject_at_most_the_risk():
    outcomes = [Fraction(y) for y in (1, 1, 1, 1, 1, 0, 0, 0)]
    claimed, margin = 0.75, 0.125  # 5 of 8 are reached: overstated by exactly the margin
    confirmed, refuted = [], []
    for order in oracle.orders(outcomes):
        audit = SequentialAudit.polling(8, claimed, margin)
        confirm, refute = audit.extend([float(y) for y in order])
        confirmed.append(np.exp(confirm.max()))
        refuted.append(np.exp(refute.max()))
    for best in (np.array(confirmed), np.array(refuted)):
        assert all(np.mean(best >= 1 / risk) <= risk for risk in (0.5, 0.3, 0.2, 0.1, 0.05))
        assert best.max() > 1.2


# --- the audit ------------------------------------------------------------------------------


def test_comparison_and_poll_bet_against_the_nulls_of_the_design():
    # statistics.md 4.1: (1 - tau) / 2, (1 + tau) / 2; P - tau, 1 - (P - tau)
    audit = SequentialAudit.comparison(100, 0.02, 0.04)
    assert (audit.confirm.null_mean, audit.refute.null_mean) == pytest.approx((0.49, 0.52))
    audit = SequentialAudit.polling(100, 0.9, 0.02, 0.04)
    assert (audit.confirm.null_mean, audit.refute.null_mean) == pytest.approx((0.88, 0.14))


def test_an_honest_table_is_confirmed_and_a_raised_one_refuted():
    honest = SequentialAudit.comparison(5000, 0.01)
    honest.extend(np.zeros(examples_needed(0.01)))
    assert honest.verdict(0.009) == "confirmed"
    raised = SequentialAudit.comparison(5000, 0.01)
    raised.extend(np.tile([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 30))  # 10 points
    assert raised.verdict(0.009) == "refuted"
    assert raised.seen == 300


def test_a_wider_margin_to_refute_needs_more_to_refute_and_leaves_the_confirmation_alone():
    outcomes = np.tile([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 30)
    narrow, wide = (SequentialAudit.comparison(5000, 0.01, m) for m in (0.01, 0.09))
    assert np.array_equal(narrow.extend(outcomes)[0], wide.extend(outcomes)[0])
    assert (narrow.verdict(0.009), wide.verdict(0.009)) == ("refuted", None)


def test_a_share_below_the_margin_cannot_be_overstated_by_it():
    assert SequentialAudit.polling(100, 0.005, 0.01).verdict(0.009) == "confirmed"


def test_a_whole_population_at_the_boundary_settles_nothing():
    audit = SequentialAudit.comparison(100, 0.02)
    audit.extend([1, 1, *[0] * 98])
    assert audit.seen == 100
    assert audit.verdict(0.009) is None


def test_a_whole_population_beside_the_boundary_is_settled_for_certain():
    for differences, expected in (([1, *[0] * 99], "confirmed"), ([1, 1, 1, *[0] * 97], "refuted")):
        audit = SequentialAudit.comparison(100, 0.02)
        audit.extend(differences[::-1])
        assert audit.verdict(1e-9) == expected


def test_both_nulls_rejected_settle_nothing():
    audit = SequentialAudit.comparison(100_000, 0.05)
    audit.extend(np.zeros(400))
    assert audit.verdict(0.009) == "confirmed"
    audit.extend(np.ones(400))
    assert audit.confirm.rejects(0.009)
    assert audit.refute.rejects(0.009)
    assert audit.verdict(0.009) is None


def test_no_examples_settle_nothing():
    audit = SequentialAudit.comparison(10, 0.1)
    assert audit.extend([])[0].size == 0
    assert (audit.seen, audit.verdict(0.5), audit.confirm.p_value) == (0, None, 1.0)


@pytest.mark.parametrize("margin", [0.005, 0.01, 0.02, 0.05])
def test_the_plan_covers_a_flawless_table_with_little_to_spare(margin):
    audit = SequentialAudit.comparison(10**6, margin)
    path, _ = audit.extend(np.zeros(examples_needed(margin)))
    needed = int(np.flatnonzero(path >= np.log(1 / 0.009))[0]) + 1
    assert 0.75 * examples_needed(margin) < needed <= examples_needed(margin)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Martingale(0, 0.5), "at least 1 example"),
        (lambda: Martingale(5, float("nan")), "finite"),
        (lambda: Martingale(1, 0.5).extend([1.0, 1.0]), "at most 1"),
        (lambda: Martingale(5, 0.5).add(1.5), r"\[0, 1\]"),
        (lambda: Martingale(5, 0.5).add(float("nan")), r"\[0, 1\]"),
        (lambda: Martingale(5, 0.5).rejects(0.0), "risk"),
        (lambda: SequentialAudit.comparison(5, 0.0), "margin"),
        (lambda: SequentialAudit.comparison(5, 0.2, 0.1), "margin"),
        (lambda: SequentialAudit.comparison(5, 0.1).add(2), "comparison"),
        (lambda: SequentialAudit.polling(5, 0.5, 0.1).add(-1), "polling"),
        (lambda: SequentialAudit.polling(5, 1.5, 0.1), "claimed"),
        (lambda: examples_needed(0.0), "margin"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
