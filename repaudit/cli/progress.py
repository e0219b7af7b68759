"""A progress bar on stderr: forwards done, per second, time left."""

from collections.abc import Iterator
from contextlib import contextmanager

from repaudit.check.options import Progress, silent


@contextmanager
def progress_bar(*, quiet: bool, no_color: bool) -> Iterator[Progress]:
    """Yield a function that shows how far the work is; it shows nothing when ``quiet``."""
    if quiet:
        yield silent
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f} forwards {task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, no_color=no_color)
    with Progress(*columns, console=console, transient=True) as bar:
        shown: list[TaskID] = []

        def progress(label: str, done: int, total: int) -> None:
            if not shown:
                shown.append(bar.add_task(label, total=total, speed=""))
            seconds = bar.tasks[0].elapsed
            speed = f"{done / seconds:,.0f}/s" if seconds else ""
            bar.update(shown[0], description=label, completed=done, total=total, speed=speed)

        yield progress
