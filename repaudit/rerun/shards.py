"""Run a work's shards: what the journal has is taken from it, what is finished goes into it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from repaudit.rerun.data import Dataset
from repaudit.rerun.journal import Columns, Journal
from repaudit.rerun.pool import Pool
from repaudit.rerun.stages import Subject
from repaudit.rerun.work import Job, Part, Work
from repaudit.rerun.workspace import Workspace

Tagged = tuple[int, Part]


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
    opened: dict[int, _Open] = {}
    jobs = _jobs(work, dataset, members, set(finished), opened)
    # Closed at once when something goes wrong here, not when the traceback is let go.
    with closing(pool.run(jobs)) as results:
        for number, part in results:
            shard = opened[number]
            shard.parts.append(part)
            forwards += part.forwards
            if len(shard.parts) == shard.blocks:
                finished[number] = work.finish(shard.subjects, shard.parts)
                del opened[number]
                if journal is not None:
                    journal.write(label, number, finished[number])
            report(forwards)
    return ShardRun(_joined(finished), len(members), resumed)


def _ranges(examples: int, size: int) -> list[range]:
    return [range(first, min(first + size, examples)) for first in range(0, examples, size)]


def _stored(journal: Journal | None, label: str, shards: int) -> dict[int, Columns]:
    if journal is None:
        return {}
    found = ((number, journal.read(label, number)) for number in range(shards))
    return {number: columns for number, columns in found if columns is not None}


def _jobs(
    work: Work,
    dataset: Dataset,
    members: list[range],
    finished: set[int],
    opened: dict[int, _Open],
) -> Iterator[Callable[[Workspace], Tagged]]:
    """Yield the blocks of every shard that is to do, and open it when its turn comes."""
    for number, examples in enumerate(members):
        if number in finished:
            continue
        subjects = [work.stages.subject(dataset, index) for index in examples]
        jobs = list(work.jobs(subjects))
        opened[number] = _Open(subjects, len(jobs))
        for job in jobs:
            yield partial(_tagged, number, job)


def _tagged(number: int, job: Job, space: Workspace) -> Tagged:
    return number, job(space)


def _joined(finished: dict[int, Columns]) -> Columns:
    """Return the columns of all shards in the order of the examples."""
    ordered = [finished[number] for number in sorted(finished)]
    return {name: np.concatenate([shard[name] for shard in ordered]) for name in ordered[0]}
