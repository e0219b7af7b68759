"""Budgets: what a clock decided is decided again by the recorded number of forwards."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit.check.purse import Clock, Purse

Expense = tuple[int, int]
"""forwards that were asked for, and those that were then used, as a share of 8"""


@dataclass
class Time:
    """A clock that stands still until it is set."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def spend(purse: Purse, expenses: list[Expense], time: Time, pace: list[float]) -> list[bool]:
    """Ask for each expense; what was granted takes forwards and, on the clock, time."""
    granted = []
    for (forwards, eighths), seconds in zip(expenses, pace, strict=True):
        is_granted = purse.grant(forwards, None if purse.clock is None else forwards / 100.0)
        granted.append(is_granted)
        if is_granted:
            purse.pay(forwards * eighths // 8)
            time.now += seconds
    return granted


expenses = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 8)), min_size=1, max_size=30)


@given(
    expenses,
    st.floats(0.1, 40.0),
    st.none() | st.integers(1, 4000),
    st.randoms(use_true_random=False),
)
def test_recorded_forwards_repeat_every_decision_of_a_clock(
    asked: list[Expense], seconds: float, worth: int | None, random: object
) -> None:
    pace = [random.uniform(0.0, 8.0) for _ in asked]  # type: ignore[attr-defined]
    time = Time()
    under_a_clock = Purse(None, Clock(seconds, time), worth)
    decided = spend(under_a_clock, asked, time, pace)
    recorded = under_a_clock.recorded
    assert all(decided) or recorded is not None
    assert decided == spend(Purse(recorded), asked, Time(), pace)


def test_clock_that_refused_nothing_leaves_room_for_another_machine() -> None:
    """Whose draws are other ones, and may be a few more."""
    purse = Purse(None, Clock(10.0, Time()), worth=5000)
    assert purse.grant(800, seconds=8.0)
    assert purse.recorded == 5000
    assert not purse.grant(1200, seconds=12.0)
    assert purse.recorded == 1199


@given(expenses, st.integers(1, 2000))
def test_forwards_are_never_exceeded(asked: list[Expense], budget: int) -> None:
    purse = Purse(budget)
    spend(purse, asked, Time(), [0.0] * len(asked))
    assert purse.spent <= budget
    assert purse.recorded == budget


def test_without_a_budget_everything_is_granted() -> None:
    purse = Purse(None)
    assert purse.grant(10**12)
    assert purse.grant_some(10**9, 7, 1.0) == 7
    assert purse.recorded is None


def test_only_as_many_expenses_are_granted_as_fit_into_the_time() -> None:
    time = Time()
    purse = Purse(None, Clock(10.0, time))
    assert purse.grant_some(100, 50, per_second=200.0) == 20
    purse.pay(2000)
    assert purse.recorded == 2099  # where a twenty-first is out of reach
    assert Purse(2099).grant_some(100, 50, None) == 20


def test_what_takes_too_long_is_withdrawn_and_out_of_reach_from_then_on() -> None:
    purse = Purse(None, Clock(10.0, Time()))
    assert purse.grant(900, seconds=9.0)
    assert purse.may_withdraw(900)
    purse.withdraw(900)
    assert (purse.recorded, purse.spent) == (899, 0)
    assert not Purse(899).grant(900)
    assert purse.grant(300, seconds=3.0)


def test_nothing_is_withdrawn_on_which_an_earlier_decision_rests() -> None:
    purse = Purse(None, Clock(10.0, Time()))
    assert purse.grant(900, seconds=9.0)
    purse.pay(1)  # it might have taken 900
    assert purse.grant(500, seconds=5.0)
    assert not purse.may_withdraw(500)


@pytest.mark.parametrize(("passed", "granted"), [(9.9, True), (10.0, False), (50.0, False)])
def test_what_takes_an_unknown_time_begins_while_there_is_some(
    passed: float, granted: bool
) -> None:
    time = Time()
    purse = Purse(None, Clock(10.0, time))
    time.now = passed
    assert purse.grant(5) is granted
