"""Run a work's shards: what the journal has is taken from it, what is finished goes into it."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from repaudit.rerun.certify import CertificationWork
from repaudit.rerun.data import Dataset
from repaudit.rerun.journal import Columns, Journal
from repaudit.rerun.layout import Block
from repaudit.rerun.pool import Pool
from repaudit.rerun.stages import Subject
from repaudit.rerun.work import Job, Part, Work
from repaudit.rerun.workspace import Workspace

Tagged = tuple[int, Part]
MOST_BYTES = 2**28
"""of the examples that are kept for the next blocks of a sample, which asks for the same again"""


@dataclass
class _Open:
    """A shard whose blocks are being worked on."""

    subjects: list[Subject]
    blocks: int
    parts: list[Part] = field(default_factory=list)


@dataclass
class ShardRun:
    """The columns of every example, and how much was not computed anew."""

    columns: Columns
    shards: int
    resumed: int
    """shards that were in the journal"""


def run_shards(
    work: Work,
    dataset: Dataset,
    pool: Pool[Workspace, Tagged],
    journal: Journal | None,
    label: str,
    report: Callable[[int], None],
) -> ShardRun:
    """Return all columns of a work; ``report`` gets the forwards done so far.

    A shard is stored as soon as its last block is in, so an interruption loses at most the
    shards that are open, which are about as many as blocks are worked on at once.
    """
    members = _ranges(len(dataset.examples), work.shard_size)
    finished = _stored(journal, label, len(members))
    resumed = len(finished)
    forwards = sum(len(members[number]) for number in finished) * work.forwards_each
    report(forwards)

    def made(more: int) -> None:
        nonlocal forwards
        forwards += more
        report(forwards)

    todo = {n: examples for n, examples in enumerate(members) if n not in finished}
    # Closed at once when something goes wrong here, not when the traceback is let go.
    with closing(_computed(work, dataset, pool, todo, made)) as shards:
        for number, columns in shards:
            finished[number] = columns
            if journal is not None:
                journal.write(label, number, columns)
    return ShardRun(_joined(finished), len(members), resumed)


@dataclass
class Shards:
    """The shards of one task, computed one by one."""

    work: Work
    dataset: Dataset
    pool: Pool[Workspace, Tagged]
    _subjects: dict[int, Subject] = field(default_factory=dict)

    def compute(self, number: int, made: Callable[[int], None]) -> Columns:
        """Return the columns of a shard; ``made`` gets the forwards of every part of it."""
        todo = {number: self._members(number)}
        ((_, columns),) = _computed(self.work, self.dataset, self.pool, todo, made)
        return columns

    def compute_part(
        self, number: int, part: int, of: int, made: Callable[[int], None]
    ) -> list[Part]:
        """Return every ``of``-th block of a shard from ``part`` on, for `finish`."""
        _, blocks = _open(self.work, self.dataset, self._members(number))
        return self._parts(blocks[part::of], made)

    def vote(self, blocks: Sequence[Block], made: Callable[[int], None]) -> list[Part]:
        """Return the votes of blocks of a certification, which a sampler has laid out."""
        assert isinstance(self.work, CertificationWork)
        subjects = self._subjects_of({span.example for block in blocks for span in block})
        return self._parts(self.work.votes(subjects, blocks), made)

    def _parts(self, jobs: Iterable[Job], made: Callable[[int], None]) -> list[Part]:
        parts = []
        with closing(self.pool.run(partial(_tagged, 0, job) for job in jobs)) as results:
            for _, part in results:
                parts.append(part)
                made(part.forwards)
        return parts

    def _subjects_of(self, examples: Set[int]) -> Mapping[int, Subject]:
        if sum(subject.nbytes for subject in self._subjects.values()) > MOST_BYTES:
            self._subjects.clear()
        for index in examples - self._subjects.keys():
            self._subjects[index] = self.work.stages.subject(self.dataset, index)
        return self._subjects

    def finish(self, number: int, parts: Sequence[Part]) -> Columns:
        """Return the columns of a shard whose blocks were computed elsewhere, in any order."""
        subjects, blocks = _open(self.work, self.dataset, self._members(number))
        if len(parts) != len(blocks):
            raise ValueError(f"shard {number}: expected {len(blocks)} blocks, got {len(parts)}")
        return self.work.finish(subjects, parts)

    def _members(self, number: int) -> range:
        return _ranges(len(self.dataset.examples), self.work.shard_size)[number]


def _ranges(examples: int, size: int) -> list[range]:
    return [range(first, min(first + size, examples)) for first in range(0, examples, size)]


def _stored(journal: Journal | None, label: str, shards: int) -> dict[int, Columns]:
    if journal is None:
        return {}
    found = ((number, journal.read(label, number)) for number in range(shards))
    return {number: columns for number, columns in found if columns is not None}


def _computed(
    work: Work,
    dataset: Dataset,
    pool: Pool[Workspace, Tagged],
    todo: Mapping[int, range],
    made: Callable[[int], None],
) -> Generator[tuple[int, Columns], None, None]:
    """Yield each shard as soon as its last block is in; ``made`` gets each block's forwards."""
    opened: dict[int, _Open] = {}
    with closing(pool.run(_jobs(work, dataset, todo, opened))) as results:
        for number, part in results:
            shard = opened[number]
            shard.parts.append(part)
            if len(shard.parts) == shard.blocks:
                yield number, work.finish(shard.subjects, shard.parts)
                del opened[number]
            made(part.forwards)


def _jobs(
    work: Work, dataset: Dataset, todo: Mapping[int, range], opened: dict[int, _Open]
) -> Iterator[Callable[[Workspace], Tagged]]:
    """Yield the blocks of every shard that is to do, and open it when its turn comes."""
    for number, examples in todo.items():
        subjects, jobs = _open(work, dataset, examples)
        opened[number] = _Open(subjects, len(jobs))
        for job in jobs:
            yield partial(_tagged, number, job)


def _open(work: Work, dataset: Dataset, examples: range) -> tuple[list[Subject], list[Job]]:
    """Return the examples of a shard, and its blocks in their order."""
    subjects = [work.stages.subject(dataset, index) for index in examples]
    return subjects, list(work.jobs(subjects))


def _tagged(number: int, job: Job, space: Workspace) -> Tagged:
    return number, job(space)


def _joined(finished: dict[int, Columns]) -> Columns:
    """Return the columns of all shards in the order of the examples."""
    ordered = [finished[number] for number in sorted(finished)]
    return {name: np.concatenate([shard[name] for shard in ordered]) for name in ordered[0]}
