"""What the engine needs to know of a measurement: its blocks, and how they make a shard."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from repaudit.evidence.tables import Records
from repaudit.rerun.journal import Columns
from repaudit.rerun.stages import Stages, Subject
from repaudit.rerun.workspace import Workspace


@dataclass(frozen=True)
class Part:
    """What one block gave."""

    forwards: int
    """rows that count, padding left out"""
    result: Any
    """for the ``finish`` of the work that made it"""


Job = Callable[[Workspace], Part]


class Work(Protocol):
    """One task as shards of examples, each of them as independent blocks."""

    stages: Stages
    shard_size: int
    """examples per shard"""
    block_rows: int
    """rows of a block, padding included"""

    @property
    def forwards_each(self) -> int:
        """Forwards per example, known beforehand."""

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard; they may run in any order and at the same time."""

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return a shard's columns; parts come in any order."""

    def records(self, columns: Columns) -> Records:
        """Return all shards' columns as evidence."""

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return the measured numbers beyond the evidence."""

    def row_bytes(self, subject: Subject) -> int:
        """Return about how many bytes one row of a block takes while it is computed."""

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know, in words."""
