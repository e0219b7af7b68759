"""Votes as they are asked for: more draws of some examples, until somebody has seen enough.

A vote is a function of the seed, the run, the example, the phase and the number of the draw, as
in a full re-run: a sample that is continued to the end gives the full re-run's noise.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.task import CertificationTask
from repaudit.rerun.certify import BlockVotes, CertificationWork
from repaudit.rerun.data import Dataset
from repaudit.rerun.journal import Columns, Journal
from repaudit.rerun.layout import Block, Wanted, pack
from repaudit.rerun.noise import Phase
from repaudit.rerun.plan import Plan
from repaudit.rerun.pool import Pool
from repaudit.rerun.progress import label_of
from repaudit.rerun.stages import Subject
from repaudit.rerun.votes import VOID
from repaudit.rerun.workspace import Workspace

Votes = NDArray[np.int32]
_PHASES: tuple[Phase, ...] = ("selection", "certification")


class Helpers(Protocol):
    """Others that compute blocks of votes."""

    @property
    def at_once(self) -> int:
        """Blocks that keep all of them busy."""

    def votes(
        self, task: CertificationTask, blocks: Iterable[Block]
    ) -> Generator[BlockVotes, None, list[Block]]:
        """Yield the votes of blocks in any order; return the blocks that are left to do here."""


class Sampler:
    """The votes of one certification task, drawn on demand and remembered."""

    def __init__(
        self,
        task: CertificationTask,
        work: CertificationWork,
        dataset: Dataset,
        plan: Plan,
        pool: Pool[Workspace, Any],
        journal: Journal | None = None,
        helpers: Helpers | None = None,
    ) -> None:
        self.task, self._work, self._dataset, self._plan = task, work, dataset, plan
        self._pool, self._journal, self._helpers = pool, journal, helpers
        self._subjects: dict[int, Subject] = {}
        self._votes: dict[tuple[int, Phase], Votes] = {}
        self.forwards = 0
        """made so far, those of an earlier process included"""
        self.restored = 0
        """of these, those of an earlier process"""
        self.helped = 0
        """of these, those that others made"""
        self.ids = tuple(example.example_id for example in dataset.examples)
        """the examples, in the order of the data"""
        self.labels = tuple(example.label for example in dataset.examples)

    @property
    def rows_at_once(self) -> int:
        """Rows that keep all busy that compute."""
        busy = self._pool if self._helpers is None else self._helpers
        return busy.at_once * self._plan.rows

    @property
    def void_votes(self) -> int:
        """Of all votes so far, those that count for no class."""
        return sum(int((votes == VOID).sum()) for votes in self._votes.values())

    def votes(self, example: int, phase: Phase) -> Votes:
        """Return all votes of an example so far, in the order of the draws; -1 is void."""
        return self._votes.get((example, phase), np.empty(0, np.int32))

    def extend(self, examples: Sequence[int], phase: Phase, draws: int) -> None:
        """Make sure that each example has its first ``draws`` votes of a phase.

        Raises what a re-run raises for a file or a network that fails.
        """
        wanted: list[Wanted] = []
        for example in examples:
            have = len(self.votes(example, phase))
            if have < draws:
                wanted.append((example, phase, have, draws - have))
        for block in self._drawn(wanted):
            for span in block.spans:
                key = span.example, span.phase
                self._room(key, draws)[span.draws] = block.votes[span.rows]
        self.forwards += sum(count for *_, count in wanted)

    def clip(self, example: int, radius: float) -> tuple[float, float]:
        """Return the norm of an example's certified vector, and a radius of it pulled back.

        The radius is in the coordinates of the noise; nan where it cannot be pulled back. No
        network is run.
        """
        subject = self._work.stages.subject(self._dataset, example)
        return subject.norm, self._work.recording_radius(radius, subject)

    @contextmanager
    def shard(self, number: int) -> Iterator[None]:
        """Keep what is drawn inside in the journal, or take it from there.

        Subjects are let go at the end; votes stay.
        """
        label = f"{label_of(self.task)} sample"
        stored = None if self._journal is None else self._journal.read(label, number)
        if stored is not None:
            self._restore(stored)
        before = {key: len(votes) for key, votes in self._votes.items()}
        yield
        self._subjects.clear()
        if self._journal is not None and stored is None:
            self._journal.write(label, number, self._new(before))

    def _room(self, key: tuple[int, Phase], draws: int) -> Votes:
        """Return the array of an example's votes, long enough."""
        found = self._votes.get(key, np.empty(0, np.int32))
        if len(found) < draws:
            longer = np.empty(draws, np.int32)
            longer[: len(found)] = found
            self._votes[key] = found = longer
        return found

    def _drawn(self, wanted: Sequence[Wanted]) -> Iterator[BlockVotes]:
        """Yield the blocks of the wanted draws in any order."""
        groups: dict[object, list[Wanted]] = {}
        for request in wanted:
            groups.setdefault(self._subject(request[0]).layout, []).append(request)
        blocks = (block for group in groups.values() for block in pack(group, self._plan.rows))
        left: Iterable[Block] = blocks
        if self._helpers is not None:
            left = yield from self._helpers.votes(self.task, blocks)
            made = sum(span.count for block in left for span in block)
            self.helped += sum(count for *_, count in wanted) - made
        with closing(self._pool.run(self._work.votes(self._subjects, left))) as parts:
            for part in parts:
                yield from part.result

    def _subject(self, example: int) -> Subject:
        if example not in self._subjects:
            self._subjects[example] = self._work.stages.subject(self._dataset, example)
        return self._subjects[example]

    def _new(self, before: dict[tuple[int, Phase], int]) -> Columns:
        """Return the whole votes of every example that got some, for the journal."""
        changed = [key for key, votes in self._votes.items() if len(votes) > before.get(key, 0)]
        votes = [self._votes[key] for key in changed]
        return {
            "example": np.array([example for example, _ in changed], np.int64),
            "phase": np.array([_PHASES.index(phase) for _, phase in changed], np.int64),
            "draws": np.array([len(part) for part in votes], np.int64),
            "votes": np.concatenate([*votes, np.empty(0, np.int32)]),
        }

    def _restore(self, stored: Columns) -> None:
        ends = np.cumsum(stored["draws"])
        columns = stored["example"], stored["phase"], stored["draws"], ends
        for example, phase, draws, end in zip(*(c.tolist() for c in columns), strict=True):
            key = (example, _PHASES[phase])
            more = draws - len(self.votes(*key))
            self.forwards, self.restored = self.forwards + more, self.restored + more
            self._votes[key] = stored["votes"][end - draws : end].astype(np.int32)
