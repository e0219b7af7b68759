"""Count the votes of a certification: the only measurement that the certificates rest on.

For every example: ``r`` = rho(recording) once; then n0 + n noisy rows and a clean one through the
network, in fixed blocks that several examples share.

Reference: [CRK19] section 3.2; S1 eq. 1-2.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.task import CertificationTask, Unsupported
from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.inputs import Inputs, Subjects
from repaudit.rerun.journal import Columns
from repaudit.rerun.layout import Block, lay_out
from repaudit.rerun.memory import peak_bytes
from repaudit.rerun.network import Network
from repaudit.rerun.noise import Phase
from repaudit.rerun.plan import CERTIFICATION_SHARD, Plan
from repaudit.rerun.pullback import Undefined, pullback
from repaudit.rerun.scales import scales
from repaudit.rerun.stages import Stages, Subject, stack
from repaudit.rerun.votes import VOID, count_votes, known
from repaudit.rerun.work import Job, Part
from repaudit.rerun.workspace import Workspace
from repaudit.statistics.certificate import certified_z

_NOT_AS_IT_IS = frozenset({"base_margin", "dimension", "rate_hz"})
"""Columns of the journal that are no column of the evidence, or not in the same form."""


@dataclass(frozen=True)
class BlockVotes:
    """The votes of one block, padding already thrown away."""

    spans: Block
    votes: NDArray[np.int32]
    margins: Mapping[int, float]
    """of the clean rows, by example"""


class CertificationWork:
    """One certification task, cut into blocks."""

    shard_size = CERTIFICATION_SHARD

    def __init__(
        self, task: CertificationTask, seed: bytes, stages: Stages, network: Network, plan: Plan
    ) -> None:
        self._task, self._plan = task, plan
        self.stages, self._network = stages, network
        self._inputs = Inputs(task, seed, stages, plan)
        self.block_rows = plan.rows
        self._pullback = pullback(stages.rho_steps)
        self._draws: Mapping[Phase, int] = {
            "clean": 1,
            "selection": task.n0,
            "certification": task.n,
        }

    @property
    def forwards_each(self) -> int:
        """Forwards per example: one clean, n0 and n noisy ones."""
        return sum(self._draws.values())

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard; examples of one shape share blocks."""
        for _, group in groupby(range(len(subjects)), lambda i: subjects[i].layout):
            blocks = lay_out(list(group), self._draws, self._plan.rows)
            yield from self.votes(subjects, blocks)

    def votes(self, subjects: Subjects, blocks: Iterable[Block]) -> Iterator[Job]:
        """Yield jobs for the votes of blocks; each gives a list of `BlockVotes`."""
        left = iter(blocks)
        while chosen := list(islice(left, self._plan.blocks_per_job)):
            yield partial(self._work, subjects, chosen)

    def _work(self, subjects: Subjects, blocks: Sequence[Block], space: Workspace) -> Part:
        with space.computing():
            votes = [self._vote(space, subjects, spans) for spans in blocks]
        return Part(sum(len(block.votes) for block in votes), votes)

    def _vote(self, space: Workspace, subjects: Subjects, spans: Block) -> BlockVotes:
        used = spans[-1].rows.stop
        output = self._network(self._inputs.block(space, subjects, spans))
        margins = {
            span.example: float(self._network.margins(output[span.rows])[0])
            for span in spans
            if span.phase == "clean"
        }
        return BlockVotes(spans, self._network.votes(output)[:used], margins)

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return the columns of a shard from its blocks, in whatever order they came."""
        votes = {
            phase: np.full((len(subjects), draws), VOID, np.int32)
            for phase, draws in self._draws.items()
        }
        margins: dict[int, float] = {}
        for block in (block for part in parts for block in part.result):
            margins.update(block.margins)
            for span in block.spans:
                votes[span.phase][span.example, span.draws] = block.votes[span.rows]
        rows = [self._row(subject, i, votes) for i, subject in enumerate(subjects)]
        columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return {**columns, "base_margin": np.array([margins[i] for i in range(len(subjects))])}

    def _row(
        self, subject: Subject, index: int, votes: Mapping[Phase, NDArray[np.int32]]
    ) -> dict[str, object]:
        selection, certification = votes["selection"][index], votes["certification"][index]
        counts = count_votes(selection, certification, subject.label)
        radius = self._task.sigma * float(certified_z(counts.hits, self._task.n, self._task.alpha))
        return {
            "example_id": subject.example_id,
            "label": subject.label,
            **vars(counts),
            "norm": subject.norm,
            "recording_radius": self.recording_radius(radius, subject),
            "base_class": int(votes["clean"][index, 0]),
            "noisy_class": int(selection[0]),
            "dimension": subject.signal.values[0].numel(),
            "rate_hz": subject.signal.sample_rate_hz or 0,
        }

    def recording_radius(self, radius: float, subject: Subject) -> float:
        """Return the certified radius pulled back through rho; nan where that is undefined."""
        if isinstance(self._pullback, Undefined):
            return math.nan
        try:
            return self._pullback.radius(radius, subject.recording)
        except Unsupported:
            return math.nan

    def records(self, columns: Columns) -> CertificationRecords:
        """Return the whole task's columns as evidence."""
        count = len(columns["example_id"])
        return CertificationRecords(
            draws=np.full(count, self._task.n, np.int64),
            checkpoint=np.full(count, self._task.checkpoint.id),
            repeat=np.full(count, self._task.repeat, np.int64),
            base_margin=known(columns["base_margin"]),
            **{name: column for name, column in columns.items() if name not in _NOT_AS_IT_IS},
        )

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return the scales that clip length cannot move."""
        task, is_waveform = self._task, self._task.contract.object == "waveform"
        rate_hz = columns["rate_hz"] if is_waveform else np.zeros_like(columns["rate_hz"])
        found = scales(self.records(columns), task.sigma, task.alpha, columns["dimension"], rate_hz)
        return dict(found)

    def row_bytes(self, subject: Subject) -> int:
        """Return about what one row takes between the noise and the output."""
        rows = self._network.batch or 1
        owners = [(subject.signal, rows)]
        values = subject.signal.values.expand(rows, *subject.signal.values.shape[1:])

        def compute() -> object:
            noisy = self.stages.transformed(stack(values.clone(), owners), owners)
            return self._network(self.stages.inputs(noisy, owners))

        return peak_bytes(compute) // rows

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know."""
        if isinstance(self._pullback, Undefined):
            return [*self.stages.notes, f"recording_radius: {self._pullback.reason}"]
        return self.stages.notes
