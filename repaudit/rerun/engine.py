"""Run tasks: load what they need once, in fixed blocks, shard by shard, and say what it took."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import torch

from repaudit._core.errors import InputError
from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.probe import Probe
from repaudit.contract.files import Places
from repaudit.contract.task import (
    AliasingTask,
    CertificationTask,
    EmpiricalTask,
    GeometryTask,
    Task,
)
from repaudit.evidence.tables import CertificationRecords, EmpiricalRecords, Records
from repaudit.rerun.aliasing.work import AliasingWork
from repaudit.rerun.attacks.route import make_route
from repaudit.rerun.attacks.settings import budget
from repaudit.rerun.certify import CertificationWork
from repaudit.rerun.clean import CleanWork
from repaudit.rerun.data import Dataset
from repaudit.rerun.device import resolve_device, steady_arithmetic
from repaudit.rerun.empirical import EmpiricalWork
from repaudit.rerun.geometry import GeometryWork
from repaudit.rerun.journal import Columns, Journal
from repaudit.rerun.network import Network
from repaudit.rerun.noise import noise_dtype
from repaudit.rerun.plan import Plan, RerunSettings, blocks_at_once, describe_plan, make_plan
from repaudit.rerun.pool import Pool
from repaudit.rerun.progress import Progress, label_of
from repaudit.rerun.sampler import Sampler
from repaudit.rerun.shards import run_shards
from repaudit.rerun.shelf import Shelf
from repaudit.rerun.stages import Stages, build_stages, whole_pipeline
from repaudit.rerun.votes import VOID
from repaudit.rerun.work import Work
from repaudit.rerun.workspace import Workspace

WARM_UP_EXAMPLES, WARM_UP_DRAWS = 8, 32
"""of a measurement of speed, a step at a time"""


@dataclass(frozen=True)
class TaskRun:
    """One task as it was measured."""

    task: Task
    records: Records
    forwards: int
    """network forwards (geometry: transformed vectors), those of an earlier process included"""
    seconds: float
    """of this process"""
    void_votes: int
    zero_norm_examples: int
    """examples whose certified vector has no energy"""
    summary: Mapping[str, float | None] = field(default_factory=dict)
    """measured numbers beyond the evidence"""
    notes: tuple[str, ...] = ()
    """what a reader should know, in words"""
    layers: tuple[DownsamplingLayer, ...] = ()
    """what coarsens a grid (aliasing)"""
    probes: tuple[Probe, ...] = ()
    """what was asked about attacks while they ran"""


@dataclass(frozen=True)
class Ready:
    """What one certification runs on, loaded and on the device."""

    dataset: Dataset
    """the examples of the task"""
    stages: Stages
    network: Network
    plan: Plan


class Engine:
    """Runs tasks on one device; networks and data sets stay loaded between them."""

    def __init__(self, places: Places, settings: RerunSettings) -> None:
        """Raise ``InputError`` or ``MissingPart`` when the device is wrong or not there."""
        self._settings = settings
        self.device = resolve_device(settings.device)
        self._shelf = Shelf(places, self.device, allow_code=settings.allow_code)

    @property
    def plan(self) -> str:
        """The execution plan in words: two runs with one seed and one plan give one result."""
        return describe_plan(self.device)

    @property
    def settings(self) -> RerunSettings:
        """How the user wants the re-run to be carried out."""
        return self._settings

    def ready(self, task: CertificationTask) -> Ready:
        """Return what a certification runs on; raises as `run_task` does."""
        network = self._shelf.network_of(task)
        stages = self._stages(task, noise_dtype(task.contract.perturbation))
        plan = make_plan(self.device, network.batch)
        return Ready(self._shelf.dataset_of(task), stages, network, plan)

    def sampler(
        self, task: CertificationTask, seed: bytes, journal: Journal | None = None
    ) -> Sampler:
        """Return the votes of a task on demand; raises as `run_task` does.

        Draw inside of `arithmetic`. Votes are those of `run_task`, but for near ties: a draw
        may stand in another row of another block.
        """
        ready = self.ready(task)
        work = CertificationWork(task, seed, ready.stages, ready.network, ready.plan)
        pool = self._pool(work, ready.plan, ready.dataset)
        return Sampler(task, work, ready.dataset, ready.plan, pool, journal)

    def speed_of(self, task: CertificationTask, seconds: float = 2.0) -> float:
        """Return about how many noisy forwards of a task this machine makes in a second.

        Raises as `run_task` does.
        """
        with self.arithmetic(task):
            sampler, draws = self.sampler(task, bytes(32)), WARM_UP_DRAWS
            examples = range(min(len(sampler.ids), WARM_UP_EXAMPLES))
            sampler.extend(examples, "certification", draws)
            started, before, passed = time.monotonic(), sampler.forwards, 0.0
            while passed < seconds and examples:
                draws += WARM_UP_DRAWS
                sampler.extend(examples, "certification", draws)
                passed = time.monotonic() - started
            return (sampler.forwards - before) / passed if passed else 0.0

    def arithmetic(self, task: Task) -> AbstractContextManager[None]:
        """Return the context in which a task's numbers are computed."""
        tf32 = not isinstance(task, GeometryTask) and task.model.dtype == "tf32"
        return steady_arithmetic(self.device, tf32=tf32)

    def forwards_of(self, task: Task) -> int:
        """Return how many forwards a task takes, so that a total is known beforehand.

        Looks at the list of examples, not at the recordings. Raises ``FileFault``.
        """
        return len(self._shelf.dataset_of(task).examples) * _forwards_each(task)

    def run_task(
        self,
        task: Task,
        seed: bytes,
        journal: Journal | None = None,
        progress: Progress = lambda label, done, total: None,
    ) -> TaskRun:
        """Return the measurement of one task.

        ``seed`` is 32 bytes. Counts are a function of the task, the seed and `plan`, whatever
        the batch size, memory, threads, order of tasks and interruptions.

        Raises ``FileFault``, ``ModelError``, ``Unsupported``, ``UnstatedError``, ``OutOfRoom``:
        this task cannot be measured, others may. ``KeyboardInterrupt`` passes; finished shards
        are in the journal by then.
        """
        if len(seed) != 32:
            raise ValueError(f"seed: expected 32 bytes, got {len(seed)}")
        started = time.monotonic()
        label, total = label_of(task), self.forwards_of(task)
        with self.arithmetic(task):
            dataset = self._shelf.dataset_of(task)
            work, plan = self._work(task, seed)
            pool = self._pool(work, plan, dataset)
            most = pool.at_once
            run = run_shards(
                work, dataset, pool, journal, label, lambda done: progress(label, done, total)
            )
        records, notes = work.records(run.columns), list(work.notes)
        if run.resumed:
            notes.append(f"{run.resumed} of {run.shards} shards were taken from the journal")
        if pool.at_once < most:
            notes.append(f"memory ran out: {pool.at_once} of {most} blocks at once")
        return TaskRun(
            task=task,
            records=records,
            forwards=_made(task, run.columns, total),
            seconds=time.monotonic() - started,
            void_votes=_void_votes(records),
            zero_norm_examples=_zero_norms(task, run.columns),
            summary=work.summary(run.columns),
            notes=tuple(notes),
            layers=tuple(work.layers(run.columns)) if isinstance(work, AliasingWork) else (),
            probes=_probes(work, run.columns),
        )

    def _work(self, task: Task, seed: bytes) -> tuple[Work, Plan]:
        """Return the task as work, and the plan it follows."""
        if isinstance(task, GeometryTask):
            plan = make_plan(self.device)
            dtype = noise_dtype(task.contract.perturbation)
            stages, exact = self._stages(task, dtype), self._stages(task, torch.float64)
            return GeometryWork(task, seed, stages, exact, plan), plan
        if isinstance(task, CertificationTask):
            ready = self.ready(task)
            return CertificationWork(
                task, seed, ready.stages, ready.network, ready.plan
            ), ready.plan
        network = self._shelf.network_of(task)
        plan = make_plan(self.device, network.batch)
        # No noise, so no arithmetic of an addition: the network's, which is float32 or wider.
        dtype = torch.float64 if task.model.dtype == "float64" else torch.float32
        allow_code = self._settings.allow_code
        stages = whole_pipeline(task.pipeline, self.device, dtype, allow_code=allow_code)
        if isinstance(task, EmpiricalTask):
            route = make_route(task, network, self.device, allow_code=allow_code)
            first = self._shelf.dataset_of(task).examples[0].example_id
            return EmpiricalWork(task, seed, route, plan, first), plan
        if isinstance(task, AliasingTask):
            return AliasingWork(task, stages, network, plan), plan
        return CleanWork(task, stages, network, plan), plan

    def _stages(self, task: CertificationTask | GeometryTask, dtype: torch.dtype) -> Stages:
        contract = task.contract
        return build_stages(
            task.pipeline,
            contract.perturbation.location,
            contract.transform,
            self.device,
            dtype,
            allow_code=self._settings.allow_code,
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


def _forwards_each(task: Task) -> int:
    if isinstance(task, CertificationTask):
        return 1 + task.n0 + task.n
    if isinstance(task, EmpiricalTask):
        return budget(task)
    return task.draws if isinstance(task, GeometryTask) else 1


def _made(task: Task, columns: Columns, total: int) -> int:
    """Return the forwards that were made: attacks end as soon as they can."""
    return round(columns["forwards"].sum()) if isinstance(task, EmpiricalTask) else total


def _zero_norms(task: Task, columns: Columns) -> int:
    """Return how many examples have no energy where the noise is added."""
    if not isinstance(task, CertificationTask | GeometryTask):
        return 0
    zeros = int((columns["norm"] == 0.0).sum())
    return zeros // task.draws if isinstance(task, GeometryTask) else zeros


def _probes(work: Work, columns: Columns) -> tuple[Probe, ...]:
    """Return what some measurements say about themselves."""
    return tuple(work.probes(columns)) if isinstance(work, EmpiricalWork | AliasingWork) else ()


def _void_votes(records: Records) -> int:
    """Return how many outputs were not finite."""
    if isinstance(records, CertificationRecords):
        assert records.void is not None  # always counted here
        return int(records.void.sum())
    return int((records.base_clean == VOID).sum()) if isinstance(records, EmpiricalRecords) else 0
