"""Measure the aliasing of every operation of a pipeline and a network that coarsens a grid."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from threading import Lock

import numpy as np
from torch import Tensor

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.probe import Probe
from repaudit.contract.task import AliasingTask, Unsupported
from repaudit.evidence.tables import AliasingRecords
from repaudit.rerun.aliasing.block import Block, Row
from repaudit.rerun.aliasing.front_end import Framed, front_end
from repaudit.rerun.aliasing.layers import described, faults_of
from repaudit.rerun.aliasing.operation import Refused
from repaudit.rerun.aliasing.probes import probes_of
from repaudit.rerun.aliasing.sums import SQUARES, SUMS, Settings
from repaudit.rerun.aliasing.trace import paths_of, watching
from repaudit.rerun.journal import Columns
from repaudit.rerun.memory import peak_bytes
from repaudit.rerun.models.prepare import PreparedNetwork
from repaudit.rerun.network import Network
from repaudit.rerun.plan import ALIASING_SHARD, Plan
from repaudit.rerun.stages import Stages, Subject
from repaudit.rerun.work import Job, Part
from repaudit.rerun.workspace import Workspace


class AliasingWork:
    """One aliasing evaluation; the whole pipeline is applied example by example."""

    forwards_each = 1
    shard_size = ALIASING_SHARD

    def __init__(self, task: AliasingTask, stages: Stages, network: Network, plan: Plan) -> None:
        """``network`` has no BatchNorm folded: the measure looks behind the dense operator."""
        assert isinstance(network.module, PreparedNetwork)
        self._task, self._plan = task, plan
        self.stages, self._network = stages, network
        self._paths = paths_of(network.module.network)
        self._settings = Settings(task.nyquist, task.window)
        self.block_rows = plan.rows
        self._alone, self._seen = Lock(), False

    def jobs(self, subjects: Sequence[Subject]) -> Iterator[Job]:
        """Yield the blocks of a shard; examples of one shape share blocks."""
        for _, group in groupby(range(len(subjects)), lambda i: subjects[i].layout):
            while chosen := list(islice(group, self._plan.rows)):
                yield self._job(subjects, chosen)

    def _job(self, subjects: Sequence[Subject], chosen: list[int]) -> Job:
        return lambda space: self._measure(space, subjects, chosen)

    def _measure(self, space: Workspace, subjects: Sequence[Subject], chosen: list[int]) -> Part:
        like = subjects[chosen[0]].signal.values
        with space.computing():
            found = {index: self._front_end(subjects[index]) for index in chosen}
            rows = space.buffer("rows", (self._plan.rows, *like.shape[1:]), like.dtype)
            rows[:] = like
            for row, index in enumerate(chosen):
                rows[row] = subjects[index].signal.values[0]
            block = self._watched(rows, len(chosen))
        for row, index in enumerate(chosen):
            found[index] += block.found[row]
        return Part(len(chosen), found)

    def _watched(self, rows: Tensor, count: int) -> Block:
        """Run the network; the first ``count`` rows are examples.

        torch makes the Python object of an operation when a thread first looks at it, and two
        threads at once break it (PyHandleCache.h): the first block runs while others wait.
        """
        if not self._seen:
            with self._alone:
                if not self._seen:
                    block = self._run(rows, count)
                    self._seen = True
                    return block
        return self._run(rows, count)

    def _run(self, rows: Tensor, count: int) -> Block:
        block = Block(count, self._settings)
        with watching(self._paths, len(rows), block.add):
            self._network(rows)
        return block

    def _front_end(self, subject: Subject) -> list[Row]:
        block = Block(1, self._settings)
        recording = self.stages.cast(subject.recording)
        for layer, operation in front_end(self.stages.rho, recording):
            output = operation.output if isinstance(operation, Framed) else recording.values
            name = "resample" if isinstance(operation, Refused) else operation.name
            block.add(layer, name, operation, output)
        return block.found[0]

    def finish(self, subjects: Sequence[Subject], parts: Sequence[Part]) -> Columns:
        """Return a shard's sums: one row per example and operation."""
        found = {index: rows for part in parts for index, rows in part.result.items()}
        table = [
            {"example_id": subject.example_id} | row
            for index, subject in enumerate(subjects)
            for row in found[index]
        ]
        if not table:
            raise Unsupported("no operation of the pipeline or the network coarsens a grid")
        return {name: np.array([row[name] for row in table]) for name in table[0]}

    def records(self, columns: Columns) -> AliasingRecords:
        """Return the sums of the measured layers as evidence.

        Raises ``Unsupported`` when there is none.
        """
        faults = faults_of(columns, self._task.model.dtype)
        rows = ~np.isin(columns["layer"], list(faults))
        if not rows.any():
            reasons = "; ".join(f"{layer}: {reason}" for layer, reason in faults.items())
            raise Unsupported(f"no layer can be measured ({reasons})")
        names = ("example_id", "layer", "maps", *SUMS, *SQUARES)
        return AliasingRecords(
            checkpoint=np.full(int(rows.sum()), self._task.checkpoint.id),
            **{name: columns[name][rows] for name in names},
        )

    def summary(self, columns: Columns) -> dict[str, float | None]:
        """Return nothing: the layers say it all."""
        return {}

    def layers(self, columns: Columns) -> list[DownsamplingLayer]:
        """Return every operation that coarsens a grid, measured or not, in order."""
        faults = faults_of(columns, self._task.model.dtype)
        return list(described(columns, faults, windowed=self._task.window == "hann"))

    def probes(self, columns: Columns) -> list[Probe]:
        """Return what the measure says about itself at every layer."""
        return list(probes_of(self._task, self.layers(columns)))

    def row_bytes(self, subject: Subject) -> int:
        """Return about what one row takes inside the network, its dense twins included."""
        rows = self._network.batch or 1
        values = subject.signal.values.expand(rows, *subject.signal.values.shape[1:])
        inside = peak_bytes(lambda: self._watched(values.clone(), rows)) // rows
        before = peak_bytes(lambda: self._front_end(subject)) // self.block_rows
        return max(inside, before)

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know."""
        return self.stages.notes
