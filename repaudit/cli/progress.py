"""Progress on stderr: forwards done, per second, time left; plain lines where no terminal is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from repaudit.check.options import Progress, say_nothing, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

BETWEEN_LINES_SECONDS = 30.0


@contextmanager
def progress_bar(*, quiet: bool, no_color: bool) -> Iterator[Progress]:
    """Yield a function that shows how far the work is; it shows nothing when ``quiet``."""
    if quiet:
        yield silent
    elif not sys.stderr.isatty():
        yield _lines()
    else:
        with ExitStack() as stack:
            yield _drawn(stack, no_color=no_color)


def announcer(*, quiet: bool) -> Callable[[str], None]:
    """Return a function that says a line of the plan on stderr, or nothing."""
    return say_nothing if quiet else partial(print, file=sys.stderr)


def _lines() -> Progress:
    begun = last = time.monotonic()

    def progress(label: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= BETWEEN_LINES_SECONDS:
            last, speed = now, done / (now - begun)
            print(f"{label}: {done:,}/{total:,} forwards, {speed:,.0f}/s", file=sys.stderr)

    return progress


def _drawn(stack: ExitStack, *, no_color: bool) -> Progress:
    """Return a function that draws a bar, from its first call until ``stack`` is left."""
    bars: list[Bar] = []

    def progress(label: str, done: int, total: int) -> None:
        if not bars:
            bars.append(stack.enter_context(_bar(no_color=no_color)))
            bars[0].add_task(label, total=total, speed="")
        task = bars[0].tasks[0]
        speed = f"{done / task.elapsed:,.0f}/s" if task.elapsed else ""
        bars[0].update(task.id, description=label, completed=done, total=total, speed=speed)

    return progress


def _bar(*, no_color: bool) -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} forwards {task.fields[speed]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True, no_color=no_color),
        transient=True,
    )
