"""Progress on a terminal: bars for what is at work and for the whole, a line for what is over."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from repaudit._core.progress import Progress as Show
from repaudit._core.progress import Step
from repaudit._core.text import visible
from repaudit.cli.progress import Row, Table, cost
from repaudit.cli.rate import Rate, seconds_left

WHOLE = "in all"


@contextmanager
def bars(console: Console) -> Iterator[Show]:
    """Yield a function that draws each step, until the context is left."""
    # On a narrow terminal the name is cut, not the numbers.
    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(bar_width=12),
        TextColumn("{task.fields[numbers]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as drawn:
        yield Bars(drawn)


class Bars:
    """One bar for each evaluation that has begun, and one for the whole."""

    def __init__(self, drawn: Progress) -> None:
        self._drawn, self._table = drawn, Table()
        self._bars: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        """Take in a step."""
        row = self._table.see(step)
        if step.is_over:
            self._end(step, row)
        elif row.is_begun:
            label = f"{visible(step.evaluation)}: {visible(step.doing)}"
            self._draw(step.evaluation, label, step.done, step.total, row.rate)
            self._draw_whole()

    def _end(self, step: Step, row: Row) -> None:
        if (bar := self._bars.pop(step.evaluation, None)) is not None:
            self._drawn.remove_task(bar)
        if step.doing or row.made:
            said = f"{step.evaluation}: {step.doing or 'done'}{cost(row)}"
            self._drawn.console.print(Text(visible(said)), soft_wrap=True)

    def _draw_whole(self) -> None:
        if len(self._table.rows) > 1 or self._table.done:
            done, total = self._table.whole
            self._draw(WHOLE, WHOLE, done, total, self._table.rate)

    def _draw(self, key: str, label: str, done: int, total: int, rate: Rate) -> None:
        speed = rate.per_second
        fast = "" if speed is None else f" {speed:,.0f}/s,"
        numbers = f"{done:,}/{total:,} forwards,{fast} {seconds_left(total - done, speed)} left"
        if key not in self._bars:
            if key != WHOLE and WHOLE in self._bars:  # which stays below the others
                self._drawn.remove_task(self._bars.pop(WHOLE))
            self._bars[key] = self._drawn.add_task(label, total=total, numbers=numbers)
        self._drawn.update(
            self._bars[key], description=label, completed=done, total=total, numbers=numbers
        )
