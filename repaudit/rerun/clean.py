"""Classify the unperturbed examples."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import numpy as np

from repaudit.contract.task import CleanTask
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.rerun.journal import Columns
from repaudit.rerun.memory import peak_bytes
from repaudit.rerun.network import Network
from repaudit.rerun.plan import CLEAN_SHARD, Plan
from repaudit.rerun.stages import Stages, Subject
from repaudit.rerun.votes import known
from repaudit.rerun.work import Job, Part
from repaudit.rerun.workspace import Workspace


class CleanWork:
    """One clean evaluation; the whole pipeline is applied example by example."""

    forwards_each = 1
    shard_size = CLEAN_SHARD

    def __init__(self, task: CleanTask, stages: Stages, network: Network, plan: Plan) -> None:
        self._task, self._plan = task, plan
        self.stages, self._network = stages, network
        self.block_rows = plan.rows

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard; examples of one shape share blocks."""
        for _, group in groupby(range(len(subjects)), lambda i: subjects[i].layout):
            while chosen := list(islice(group, self._plan.rows)):
                yield self._job(subjects, chosen)

    def _job(self, subjects: Sequence[Subject], chosen: list[int]) -> Job:
        return lambda space: self._classify(space, subjects, chosen)

    def _classify(self, space: Workspace, subjects: Sequence[Subject], chosen: list[int]) -> Part:
        like = subjects[chosen[0]].signal.values
        with space.computing():
            rows = space.buffer("rows", (self._plan.rows, *like.shape[1:]), like.dtype)
            rows[:] = like
            for row, index in enumerate(chosen):
                rows[row] = subjects[index].signal.values[0]
            output = self._network(rows)
            votes, margins = self._network.votes(output), self._network.margins(output)
        found = zip(votes.tolist(), margins.tolist(), strict=True)
        return Part(len(chosen), dict(zip(chosen, found, strict=False)))

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return the predicted classes of a shard; -1 where the output was not finite."""
        found = {index: answer for part in parts for index, answer in part.result.items()}
        classes, margins = zip(*(found[index] for index in range(len(subjects))), strict=True)
        return {
            "example_id": np.array([subject.example_id for subject in subjects]),
            "label": np.array([subject.label for subject in subjects]),
            "base_clean": np.array(classes),
            "base_margin": np.array(margins),
        }

    def records(self, columns: Columns) -> EmpiricalRecords:
        """Return the predicted classes as evidence."""
        count = len(columns["label"])
        return EmpiricalRecords(
            checkpoint=np.full(count, self._task.checkpoint.id),
            repeat=np.zeros(count, np.int64),
            base_margin=known(columns["base_margin"]),
            **{name: column for name, column in columns.items() if name != "base_margin"},
        )

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return nothing: the evidence says it all."""
        return {}

    def row_bytes(self, subject: Subject) -> int:
        """Return about what one row takes inside the network."""
        rows = self._network.batch or 1
        values = subject.signal.values.expand(rows, *subject.signal.values.shape[1:])
        return peak_bytes(lambda: self._network(values.clone())) // rows

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know."""
        return self.stages.notes
