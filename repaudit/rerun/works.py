"""What a task is run with: examples, stages, network, plan, and its work in blocks."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from repaudit.contract.files import Places
from repaudit.contract.task import (
    AliasingTask,
    CertificationTask,
    EmpiricalTask,
    GeometryTask,
    Task,
)
from repaudit.rerun.aliasing.work import AliasingWork
from repaudit.rerun.attacks.route import make_route
from repaudit.rerun.certify import CertificationWork
from repaudit.rerun.clean import CleanWork
from repaudit.rerun.counted import forwards_each
from repaudit.rerun.data import Dataset
from repaudit.rerun.device import resolve_device, steady_arithmetic
from repaudit.rerun.empirical import EmpiricalWork
from repaudit.rerun.execution.book import Book
from repaudit.rerun.execution.planner import Planner
from repaudit.rerun.execution.rows import fitted
from repaudit.rerun.geometry import GeometryWork
from repaudit.rerun.inputs import trial_blocks
from repaudit.rerun.memory import give_back_memory
from repaudit.rerun.network import DeclaredNetwork, Network
from repaudit.rerun.noise import noise_dtype
from repaudit.rerun.plan import Plan, RerunSettings, make_plan
from repaudit.rerun.shelf import Shelf, network_key
from repaudit.rerun.stages import Stages, build_stages, whole_pipeline
from repaudit.rerun.work import Work


@dataclass(frozen=True)
class Ready:
    """What one certification runs on, loaded and on the device."""

    dataset: Dataset
    """the examples of the task"""
    stages: Stages
    network: Network
    plan: Plan


class Works:
    """What the tasks of one results file are run with, on one device; loaded once."""

    def __init__(self, places: Places, settings: RerunSettings) -> None:
        """Raise ``InputError`` or ``MissingPart`` when the device is wrong or not there."""
        self.device = resolve_device(settings.device)
        self._allow_code = settings.allow_code
        self._shelf = Shelf(places, self.device, allow_code=settings.allow_code)
        self._planner = Planner(
            self.device,
            Book(),
            settings.compiling,
            settings.precision,
        )
        self._networks: dict[tuple[object, ...], tuple[Network, Plan]] = {}

    def keep_executions(self, folder: Path) -> None:
        """Keep how networks are carried out beside a journal, and follow what is kept there."""
        self._planner.book = Book(folder)

    def arithmetic(self, task: Task) -> AbstractContextManager[None]:
        """Return the context in which a task's numbers are computed."""
        tf32 = not isinstance(task, GeometryTask) and task.model.dtype == "tf32"
        return steady_arithmetic(self.device, tf32=tf32)

    def dataset_of(self, task: Task) -> Dataset:
        """Return the examples of a task; raises ``FileFault``."""
        return self._shelf.dataset_of(task)

    def forwards_of(self, task: Task) -> int:
        """Return how many forwards a task takes; looks at the list of examples alone."""
        return len(self.dataset_of(task).examples) * forwards_each(task)

    def ready(self, task: CertificationTask) -> Ready:
        """Return what a certification runs on; raises as `Engine.run_task` does."""
        declared = self._shelf.declared_of(task)
        stages = self._stages(task, noise_dtype(task.contract.perturbation))
        dataset = self.dataset_of(task)
        key = task.evaluation, network_key(task)
        if key not in self._networks:
            with self.arithmetic(task):
                self._networks[key] = self._network(task, declared, stages, dataset)
            give_back_memory()
        return Ready(dataset, stages, *self._networks[key])

    def _network(
        self, task: CertificationTask, declared: DeclaredNetwork, stages: Stages, dataset: Dataset
    ) -> tuple[Network, Plan]:
        """Return how a certification runs its network, and in what blocks."""

        def block(plan: Plan) -> Tensor | None:
            return next(trial_blocks(task, stages, dataset, plan, plan.rows), None)

        plan = fitted(make_plan(self.device, declared.batch), declared, block)
        blocks = partial(trial_blocks, task, stages, dataset, plan)
        name, forwards = network_key(task), self.forwards_of(task)
        network = self._planner.network(task, declared, name, blocks, forwards)
        words = f"{network.describe}; {plan.rows} rows at a time"
        return replace(network, describe=words), plan

    def plain_network(self, task: CertificationTask) -> Network:
        """Return a task's network in its declared precision, not compiled."""
        return self._shelf.network_of(task)

    def network_words(self, task: Task) -> str | None:
        """Return what network a task runs, and how it is carried out; ``None`` without one."""
        if isinstance(task, GeometryTask):
            return None
        if isinstance(task, CertificationTask):
            return self.ready(task).network.describe
        return self._shelf.network_of(task).describe

    def work_of(self, task: Task, seed: bytes) -> tuple[Work, Plan]:
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
        allow_code = self._allow_code
        stages = whole_pipeline(task.pipeline, self.device, dtype, allow_code=allow_code)
        if isinstance(task, EmpiricalTask):
            route = make_route(task, network, self.device, allow_code=allow_code)
            first = self.dataset_of(task).examples[0].example_id
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
            allow_code=self._allow_code,
        )
