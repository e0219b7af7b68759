"""Run tasks: load what they need once, in fixed blocks, shard by shard, and say what it took."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from repaudit._core.errors import InputError
from repaudit.contract.files import Places
from repaudit.contract.task import (
    CertificationTask,
    Task,
)
from repaudit.rerun.aliasing.work import AliasingWork
from repaudit.rerun.certify import CertificationWork
from repaudit.rerun.counted import (
    made,
    probes,
    shard_size,
    void_votes,
    zero_norms,
)
from repaudit.rerun.data import Dataset
from repaudit.rerun.helped import Helped
from repaudit.rerun.journal import Journal
from repaudit.rerun.memory import reuse_freed_memory
from repaudit.rerun.network import Network
from repaudit.rerun.plan import Plan, RerunSettings, blocks_at_once, describe_plan
from repaudit.rerun.pool import Pool
from repaudit.rerun.progress import Progress, label_of
from repaudit.rerun.sampler import Helpers, Sampler
from repaudit.rerun.shards import Shards, run_shards
from repaudit.rerun.task_run import TaskRun
from repaudit.rerun.work import Work
from repaudit.rerun.works import Ready, Works
from repaudit.rerun.workspace import Workspace

WARM_UP_EXAMPLES, WARM_UP_DRAWS = 8, 32
"""of a measurement of speed, a step at a time; more draws where they keep not everybody busy"""


class Engine:
    """Runs tasks on one device; networks and data sets stay loaded between them."""

    def __init__(self, places: Places, settings: RerunSettings) -> None:
        """Raise ``InputError`` or ``MissingPart`` when the device is wrong or not there."""
        self._settings = settings
        self._works = Works(places, settings)
        self.device = self._works.device
        if self.device.type == "cpu":
            reuse_freed_memory()
        self._opened: tuple[Task, bytes, Shards] | None = None

    @property
    def plan(self) -> str:
        """The execution plan in words: two runs with one seed and one plan give one result."""
        return describe_plan(self.device, self._settings)

    def keep_executions(self, folder: Path) -> None:
        """Keep how networks are carried out beside a journal, and follow what is kept there."""
        self._works.keep_executions(folder)

    @property
    def settings(self) -> RerunSettings:
        """How the user wants the re-run to be carried out."""
        return self._settings

    def ready(self, task: CertificationTask) -> Ready:
        """Return what a certification runs on; raises as `run_task` does."""
        return self._works.ready(task)

    def plain_network(self, task: CertificationTask) -> Network:
        """Return a task's network in its declared precision, not compiled."""
        return self._works.plain_network(task)

    def network_words(self, task: Task) -> str | None:
        """Return what network a task runs, and how it is carried out; None without one."""
        return self._works.network_words(task)

    def sampler(
        self,
        task: CertificationTask,
        seed: bytes,
        journal: Journal | None = None,
        helpers: Helpers | None = None,
    ) -> Sampler:
        """Return the votes of a task on demand; raises as `run_task` does.

        Draw inside of `arithmetic`. Votes are those of `run_task`, but for near ties: a draw
        may stand in another row of another block.
        """
        ready = self.ready(task)
        work = CertificationWork(task, seed, ready.stages, ready.network, ready.plan)
        pool = self._pool(work, ready.plan, ready.dataset)
        return Sampler(task, work, ready.dataset, ready.plan, pool, journal, helpers)

    def speed_of(
        self, task: CertificationTask, helpers: Helpers | None = None, seconds: float = 2.0
    ) -> float:
        """Return about how many noisy forwards of a task are made in a second.

        Raises as `run_task` does.
        """
        with self.arithmetic(task):
            sampler = self.sampler(task, bytes(32), helpers=helpers)
            examples = range(min(len(sampler.ids), WARM_UP_EXAMPLES))
            step = max(WARM_UP_DRAWS, -(-sampler.rows_at_once // max(1, len(examples))))
            draws = step
            sampler.extend(examples, "certification", draws)
            started, before, passed = time.monotonic(), sampler.forwards, 0.0
            while passed < seconds and examples:
                draws += step
                sampler.extend(examples, "certification", draws)
                passed = time.monotonic() - started
            return (sampler.forwards - before) / passed if passed else 0.0

    def arithmetic(self, task: Task) -> AbstractContextManager[None]:
        """Return the context in which a task's numbers are computed."""
        return self._works.arithmetic(task)

    def forwards_of(self, task: Task) -> int:
        """Return how many forwards a task takes, so that a total is known beforehand.

        Looks at the list of examples, not at the recordings. Raises ``FileFault``.
        """
        return self._works.forwards_of(task)

    def missing(self, task: Task, journal: Journal) -> list[int]:
        """Return the shards of a task that a journal has not; raises ``FileFault``."""
        examples, label = len(self._works.dataset_of(task).examples), label_of(task)
        shards = range(-(-examples // shard_size(task)))
        return [number for number in shards if journal.read(label, number) is None]

    @contextmanager
    def shards(self, task: Task, seed: bytes) -> Iterator[Shards]:
        """Yield the shards of a task, to be computed one by one; raises as `run_task` does.

        The last task stays loaded.
        """
        with self.arithmetic(task):
            if self._opened is None or self._opened[:2] != (task, seed):
                work, plan = self._works.work_of(task, seed)
                dataset = self._works.dataset_of(task)
                shards = Shards(work, dataset, self._pool(work, plan, dataset))
                self._opened = task, seed, shards
            yield self._opened[2]

    def run_task(
        self,
        task: Task,
        seed: bytes,
        journal: Journal | None = None,
        progress: Progress = lambda label, done, total: None,
        helped: Helped | None = None,
    ) -> TaskRun:
        """Return the measurement of one task.

        ``seed`` is 32 bytes; ``helped`` says what in the journal is of this very run. Counts are
        a function of the task, the seed, `plan` and the execution of its network, whatever the
        batch size, memory, threads, order of tasks, processes and interruptions.

        Raises ``FileFault``, ``ModelError``, ``Unsupported``, ``UnstatedError``, ``OutOfRoom``:
        this task cannot be measured, others may. ``KeyboardInterrupt`` passes; finished shards
        are in the journal by then.
        """
        if len(seed) != 32:
            raise ValueError(f"seed: expected 32 bytes, got {len(seed)}")
        started = time.monotonic()
        label, total = label_of(task), self.forwards_of(task)
        with self.arithmetic(task):
            dataset = self._works.dataset_of(task)
            work, plan = self._works.work_of(task, seed)
            pool = self._pool(work, plan, dataset)
            most = pool.at_once
            run = run_shards(
                work, dataset, pool, journal, label, lambda done: progress(label, done, total)
            )
        records, notes = work.records(run.columns), list(work.notes)
        helped = helped or Helped()
        if helped.shards:
            notes.append(f"{helped.shards} of {run.shards} shards were computed by {helped.by}")
        if found := max(0, run.resumed - helped.shards):
            notes.append(f"{found} of {run.shards} shards were taken from the journal")
        if pool.at_once < most:
            notes.append(f"memory ran out: {pool.at_once} of {most} blocks at once")
        return TaskRun(
            task=task,
            records=records,
            forwards=made(task, run.columns, total),
            seconds=time.monotonic() - started + helped.seconds,
            void_votes=void_votes(records),
            zero_norm_examples=zero_norms(task, run.columns),
            summary=work.summary(run.columns),
            notes=tuple(notes),
            layers=tuple(work.layers(run.columns)) if isinstance(work, AliasingWork) else (),
            probes=probes(work, run.columns),
            network=self._works.network_words(task),
        )

    def _pool(self, work: Work, plan: Plan, dataset: Dataset) -> Pool[Workspace, Any]:
        """Return as many workers as settings, cores and memory allow."""
        at_once, memory = blocks_at_once(plan, self._settings), self._settings.memory_bytes
        if memory is not None:
            needed = self._block_bytes(work, plan, dataset)
            if needed > memory:
                expected = f"at least {needed} bytes, for one block of {work.block_rows} rows"
                raise InputError("--memory", expected, f"{memory}")
            at_once = min(at_once, memory // needed)
        return Pool(lambda: Workspace(plan), at_once)

    @staticmethod
    def _block_bytes(work: Work, plan: Plan, dataset: Dataset) -> int:
        """Return about what one block takes: what is computed, its inputs, and the noise."""
        subject = work.stages.subject(dataset, 0)
        size = subject.signal.values.nbytes
        return work.block_rows * (work.row_bytes(subject) + size) + plan.noise_draws * size
