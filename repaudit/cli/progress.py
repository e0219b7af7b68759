"""Progress on stderr: a line for each evaluation, its speed and its time left.

On a terminal the evaluation at work and the whole are bars, and one that is over becomes a line.
Elsewhere there is a plain line every half a minute, and one for each that is over.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from repaudit._core.progress import Progress, Step, silent
from repaudit._core.text import visible
from repaudit.check.options import say_nothing
from repaudit.cli.rate import Rate, seconds_left, time_of

if TYPE_CHECKING:
    pass

BETWEEN_LINES_SECONDS = 30.0


@contextmanager
def progress_bar(*, quiet: bool, no_color: bool) -> Iterator[Progress]:
    """Yield a function that shows how far the work is; it shows nothing when ``quiet``."""
    if quiet:
        yield silent
    elif not sys.stderr.isatty():
        yield Lines(partial(print, file=sys.stderr))
    else:
        from rich.console import Console

        from repaudit.cli.bars import bars

        with bars(Console(stderr=True, no_color=no_color)) as shown:
            yield shown


def announcer(*, quiet: bool) -> Callable[[str], None]:
    """Return a function that says a line of the plan on stderr, or nothing."""
    return say_nothing if quiet else lambda line: print(visible(line), file=sys.stderr)


@dataclass
class Row:
    """One evaluation as it was last seen."""

    step: Step
    rate: Rate
    is_begun: bool = False

    @property
    def made(self) -> int:
        """Forwards that this run made."""
        return self.step.done - self.step.kept

    @property
    def left(self) -> int:
        """Forwards that are still to be made."""
        return max(0, self.step.total - self.step.done)


@dataclass
class Table:
    """All evaluations, and the whole."""

    now: Callable[[], float] = time.monotonic
    rows: dict[str, Row] = field(default_factory=dict)
    done: int = 0
    """forwards of evaluations that are over"""
    made: int = 0
    """of these, those of this run"""

    def __post_init__(self) -> None:
        """Begin to look at the speed of the whole."""
        self.rate = Rate(self.now)

    def see(self, step: Step) -> Row:
        """Take in a step; return the row of its evaluation, which is gone when that is over."""
        row = self.rows.get(step.evaluation)
        if row is None:
            row = self.rows[step.evaluation] = Row(step, Rate(self.now))
        if step.is_over:
            self.done, self.made = self.done + row.step.done, self.made + row.made
            return self.rows.pop(step.evaluation)
        row.step = step
        if step.doing:  # the others only say what is to come
            row.is_begun = True
            row.rate.see(row.made)
            self.rate.see(self.made + sum(other.made for other in self.rows.values()))
        return row

    @property
    def whole(self) -> tuple[int, int]:
        """Forwards done and in all, of everything that is known of."""
        done = self.done + sum(row.step.done for row in self.rows.values())
        return done, done + sum(row.left for row in self.rows.values())


def cost(row: Row) -> str:
    """Return what an evaluation took; nothing for one of which nothing was made."""
    if not row.made:
        return ""
    return f"; {row.made:,} forwards in {time_of(row.rate.seconds)}"


class Lines:
    """Plain lines, for a log."""

    def __init__(self, say: Callable[[str], None], now: Callable[[], float] = time.monotonic):
        self._put, self._now, self._table = say, now, Table(now)
        self._last = now()

    def __call__(self, step: Step) -> None:
        """Take in a step, and say a line if it is time."""
        row = self._table.see(step)
        if step.is_over:
            if step.doing:
                self._say(f"{step.evaluation}: {step.doing}{cost(row)}")
        elif row.is_begun and self._now() - self._last >= BETWEEN_LINES_SECONDS:
            self._last = self._now()
            self._say(self._line(row))

    def _say(self, line: str) -> None:
        # A reason may be the text of an author's own exception.
        self._put(visible(line))

    def _line(self, row: Row) -> str:
        step, speed = row.step, row.rate.per_second
        done, total = self._table.whole
        rate = "" if speed is None else f", {speed:,.0f}/s"
        line = f"{step.evaluation}: {step.doing}: {step.done:,}/{step.total:,} forwards{rate}"
        line += f", {seconds_left(row.left, speed)} left"
        if len(self._table.rows) > 1 or self._table.done:
            left = seconds_left(total - done, self._table.rate.per_second)
            line += f"; in all {done:,}/{total:,}, {left} left"
        return line
