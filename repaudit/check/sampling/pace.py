"""How fast the draws of a sample go, and how many examples that makes in the time left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from repaudit.check.purse import TOLERANCE, Clock

FEWEST_SECONDS = 1.0
"""of drawing, before which the speed is the one measured beforehand"""
OF_ALL_DRAWS = 0.25
"""share of its draws that an example is expected to take before any was looked at"""


class Pace:
    """Forwards per second and forwards per example of one evaluation."""

    def __init__(self, per_second: float | None, most: int) -> None:
        self._before, self._most = per_second, most
        self._made, self._seconds = 0, 0.0
        self._examples, self._taken = 0, 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Take the time of what is done inside; `made` says how many forwards that were."""
        begun = time.monotonic()
        yield
        self._seconds += time.monotonic() - begun

    def made(self, forwards: int) -> None:
        """Count forwards that were made, not those of a journal."""
        self._made += forwards

    def looked_at(self, examples: int, forwards: int) -> None:
        """Count examples and what they took, a journal's included."""
        self._examples, self._taken = self._examples + examples, self._taken + forwards

    @property
    def seconds(self) -> float:
        """Time that was spent on drawing."""
        return self._seconds

    @property
    def per_second(self) -> float | None:
        """Forwards in a second; None when nothing is known."""
        if self._seconds < FEWEST_SECONDS or not self._made:
            return self._before
        return self._made / self._seconds

    def seconds_beyond(self, clock: Clock | None, forwards: int) -> float | None:
        """Return the time that forwards take, less what a budget may be overdrawn."""
        if clock is None or self.per_second is None:
            return None
        return forwards / self.per_second - TOLERANCE * clock.seconds

    def examples_in(self, clock: Clock | None, wanted: int) -> int:
        """Return how many examples to look at together, so that the time left is kept."""
        if clock is None or self.per_second is None:
            return wanted
        each = self._taken / self._examples if self._examples else OF_ALL_DRAWS * self._most
        return max(1, min(wanted, int(clock.left * self.per_second / max(each, 1.0))))
