"""Fill a journal with what workers compute."""

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from repaudit.rerun.engine import Engine
from repaudit.rerun.helped import Helped
from repaudit.rerun.journal import Columns, Journal
from repaudit.rerun.scale.load import Load
from repaudit.rerun.scale.share import Done, Event, Refused, Share
from repaudit.rerun.work import Part


class Crew(Protocol):
    """Workers, wherever they are."""

    @property
    def size(self) -> int:
        """How many compute at the same time."""

    @property
    def words(self) -> str:
        """Who they are, for the report."""

    def run(self, queue: deque[Share]) -> Generator[Event, None, None]:
        """Yield what they say of the shares, which they take from the queue's left.

        Raises ``WorkerLost``, and what keeps a worker from beginning.
        """

    def close(self) -> None:
        """Let them go."""


@dataclass
class Filled:
    """What workers did."""

    helped: dict[str, Helped] = field(default_factory=dict)
    """by task"""
    refused: dict[str, str] = field(default_factory=dict)
    """by task: why a shard of it was not computed"""


def fill(
    load: Load,
    seed: bytes,
    engine: Engine,
    journal: Journal,
    crew: Crew,
    report: Callable[[str, int], None],
    *,
    keep_going: bool = False,
) -> Filled:
    """Compute a load and write it into a journal.

    ``report`` gets a task's label and the forwards so far, those of the journal included. Where
    a shard is refused the others of its task are left out, unless to ``keep_going``. Raises as
    `Crew.run` does, and ``CannotWrite``; finished shards are in the journal by then.
    """
    load = load.cut_for(crew.size)
    filling = _Filling(load, seed, engine, journal, crew.words)
    queue = deque(load.shares)
    with closing(crew.run(queue)) as events:
        for event in events:
            filling.hear(event)
            if isinstance(event.news, Refused) and not keep_going:
                _drop(queue, event.share.label)
            report(event.share.label, filling.forwards)
    return filling.filled


def _drop(queue: deque[Share], label: str) -> None:
    """Take a task out of a queue that a crew reads too."""
    kept = [share for share in queue if share.label != label]
    queue.clear()
    queue.extend(kept)


class _Filling:
    """Events as they come, and what they come to."""

    def __init__(
        self, load: Load, seed: bytes, engine: Engine, journal: Journal, words: str
    ) -> None:
        self.filled = Filled()
        self._load, self._seed, self._engine = load, seed, engine
        self._journal, self._words = journal, words
        self._finished = load.kept
        self._running: dict[str, tuple[Share, int]] = {}
        self._parts: dict[tuple[str, int], list[tuple[Part, ...]]] = {}
        self._last = time.monotonic()

    @property
    def forwards(self) -> int:
        """Forwards so far, those that were in the journal included."""
        return self._finished + sum(forwards for _, forwards in self._running.values())

    def hear(self, event: Event) -> None:
        """Take in what is heard of a share."""
        share, news, name = event.share, event.news, str(event.share)
        self._pass_time()
        if news is None or isinstance(news, int):
            self._running[name] = share, min(news or 0, self._load.forwards[name])
            return
        del self._running[name]
        self._finished += self._load.forwards[name]
        if isinstance(news, Refused):
            self.filled.refused.setdefault(share.label, news.reason)
            self._journal.refuse(share.label, share.shard, news.reason)
            return
        columns = news.columns if share.of == 1 else self._joined(share, news)
        if columns is not None:
            self._journal.write(share.label, share.shard, columns)
            self._help(share.label, shards=1)
        self._help(share.label, forwards=self._load.forwards[name])

    def _joined(self, share: Share, done: Done) -> Columns | None:
        """Return the columns of a shard once its last part is in."""
        key = share.label, share.shard
        parts = self._parts.setdefault(key, [])
        parts.append(done.parts)
        if len(parts) < share.of:
            return None
        with self._engine.shards(share.task, self._seed) as shards:
            return shards.finish(share.shard, [p for part in self._parts.pop(key) for p in part])

    def _pass_time(self) -> None:
        """Give the time since the last event to the tasks that were worked on."""
        now = time.monotonic()
        passed, self._last = now - self._last, now
        for share, _ in self._running.values():
            self._help(share.label, seconds=passed / len(self._running))

    def _help(
        self, label: str, *, shards: int = 0, forwards: int = 0, seconds: float = 0.0
    ) -> None:
        had = self.filled.helped.get(label, Helped(by=self._words))
        self.filled.helped[label] = Helped(
            had.shards + shards, had.forwards + forwards, had.seconds + seconds, had.by
        )
