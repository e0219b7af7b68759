"""How fast a run goes now, from what it did in the last seconds."""

import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 10.0


class Rate:
    """Forwards per second over the last seconds; what a journal had was not made and is not in."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: deque[tuple[float, int]] = deque()
        self._begun: float | None = None

    def see(self, made: int) -> None:
        """Take in how many were made so far."""
        now = self._now()
        if self._begun is None:
            self._begun = now
        is_waiting = len(self._seen) == 1 and self._seen[0][1] == made
        if is_waiting or (self._seen and made < self._seen[-1][1]):
            self._seen.clear()
        self._seen.append((now, made))
        while len(self._seen) > 2 and self._seen[1][0] <= now - WINDOW_SECONDS:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """Forwards per second; None until there are two moments to compare."""
        if len(self._seen) < 2:
            return None
        (before, fewer), (last, more) = self._seen[0], self._seen[-1]
        return (more - fewer) / (last - before) if last > before else None

    @property
    def seconds(self) -> float:
        """Seconds since the first look."""
        return 0.0 if self._begun is None else self._now() - self._begun


def seconds_left(forwards: int, per_second: float | None) -> str:
    """Return the time that forwards take, in words; a dash when it is not known.

    >>> seconds_left(1000, 10.0), seconds_left(50_000, 10.0), seconds_left(1, None)
    ('1:40', '1:23:20', '-')
    """
    if not per_second:
        return "-"
    return time_of(forwards / per_second)


def time_of(seconds: float) -> str:
    """Return a time in words.

    >>> time_of(7.2), time_of(100), time_of(5000)
    ('7 s', '1:40', '1:23:20')
    """
    if seconds < 60.0:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
