"""What is left of a budget.

Every expense is decided by forwards: are so many left? A clock may refuse what the forwards would
have paid for; what is left is then cut to one forward less than was asked. So an audit under a
clock is repeated on any machine, decision by decision, by a budget of `Purse.recorded` forwards.

Paid are the forwards of samples, full re-runs and clean classification. Probes, the search for
an explanation of rejected counts, and falsification are not.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

TOLERANCE = 0.05
"""share of the time by which an expense may turn out longer than was expected"""


class Clock:
    """A time budget, which runs from when it is made."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._now = seconds, now
        self._begun = now()

    @property
    def left(self) -> float:
        """Seconds left; negative afterwards."""
        return self.seconds - self.passed

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._begun

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let what is done inside take no time."""
        begun = self._now()
        yield
        self._begun += self._now() - begun

    @property
    def utmost(self) -> float:
        """Seconds until the time is overdrawn by more than is tolerated."""
        return self.left + TOLERANCE * self.seconds


class Purse:
    """Forwards that may still be made, and what was decided by them."""

    def __init__(
        self, forwards: int | None, clock: Clock | None = None, worth: int | None = None
    ) -> None:
        """Hold so many forwards, or a time that is ``worth`` about so many if that is known."""
        self.total, self.clock, self._worth = forwards, clock, worth
        self.spent = 0
        self._needed = 0
        """the smallest total by which everything that was granted is granted again"""
        self._needed_before = 0
        """the same, before what was granted last"""

    @property
    def left(self) -> float:
        """Forwards that may still be made; infinite without a limit."""
        return float("inf") if self.total is None else max(self.total - self.spent, 0)

    @property
    def recorded(self) -> int | None:
        """The budget in forwards that repeats every decision so far; None if none is needed.

        A clock that refused nothing gives what it was worth: nothing rests on the number.
        """
        if self.clock is None or self.total is not None:
            return self.total if self.total is None else max(1, self.total)
        return None if self._worth is None else max(self._worth, self._needed)

    def grant(self, forwards: int, seconds: float | None = None) -> bool:
        """Say whether so many forwards may be made; the caller pays for those that were.

        ``seconds`` is what they are expected to take, None = unknown. Asking is a decision: what
        is refused because of the clock has no forwards left either, from then on.
        """
        if self.clock is not None and not _in_time(self.clock, seconds):
            self._cut(forwards - 1)
        if forwards > self.left:
            return False
        self._needed_before = self._needed
        self.need(self.spent + forwards)
        return True

    def grant_some(self, each: int, wanted: int, per_second: float | None) -> int:
        """Return how many expenses of ``each`` forwards may be made, at most ``wanted``."""
        if self.clock is not None and per_second is not None:
            in_time = max(0, int(self.clock.left * per_second / each))
            if in_time < wanted:
                self._cut(each * (in_time + 1) - 1)
        granted = int(min(wanted, self.left // each))
        self.need(self.spent + each * granted)
        return granted

    def need(self, total: int) -> None:
        """Note that what was granted takes a budget of so many forwards in all."""
        self._needed = max(self._needed, total)

    def pay(self, forwards: int) -> None:
        """Take what was used."""
        self.spent += forwards

    def may_withdraw(self, forwards: int) -> bool:
        """Whether what was granted last could be refused without changing an earlier decision."""
        return self._needed_before < self.spent + forwards

    def withdraw(self, forwards: int) -> None:
        """Refuse after all what was granted last, and not paid for: it would take too long."""
        self._needed = self._needed_before
        self._cut(forwards - 1)

    def unpaid(self) -> AbstractContextManager[None]:
        """Return the context of what a budget of time does not pay for."""
        return nullcontext() if self.clock is None else self.clock.stopped()

    @property
    def rest(self) -> str:
        """What is left, in words."""
        if self.clock is not None:
            return "for which the time left of the budget is too short"
        return f"{self.left:,.0f} of the budget are left"

    def _cut(self, left: int) -> None:
        """Leave so many forwards, or as many as earlier decisions rest on."""
        total = max(self.spent + left, self._needed)
        self.total = total if self.total is None else min(self.total, total)


def _in_time(clock: Clock, seconds: float | None) -> bool:
    return clock.left > 0.0 if seconds is None else 0.0 < clock.left >= seconds
