"""Data sets and networks, loaded once and kept for the tasks that share them."""

from dataclasses import replace

import torch

from repaudit.contract.files import Places
from repaudit.contract.task import AliasingTask, CertificationTask, GeometryTask, Task
from repaudit.rerun.data import Dataset, load_dataset
from repaudit.rerun.execution.execution import USUAL
from repaudit.rerun.models.prepare import prepare
from repaudit.rerun.network import DeclaredNetwork, Network, load_network


class Shelf:
    """What the tasks of one results file need, on one device."""

    def __init__(self, places: Places, device: torch.device, *, allow_code: bool) -> None:
        self._places, self._device, self._allow_code = places, device, allow_code
        self._datasets: dict[str, Dataset] = {}
        self._declared: dict[tuple[str, str, int | None], DeclaredNetwork] = {}
        self._networks: dict[tuple[tuple[str, str, int | None], bool], Network] = {}

    def dataset_of(self, task: Task) -> Dataset:
        """Return a task's examples: those of its checkpoint's test fold, and those it names.

        Raises ``FileFault``, and ``UnstatedError`` for a layout left open.
        """
        key = task.data.model_dump_json()
        if key not in self._datasets:
            self._datasets[key] = load_dataset(task.data, self._places)
        dataset = self._datasets[key]
        fold = None if isinstance(task, GeometryTask) else task.checkpoint.test_fold
        dataset = dataset if fold is None else dataset.of_fold(fold)
        only = task.only if isinstance(task, CertificationTask) else None
        return dataset if only is None else dataset.of_ids(only)

    def declared_of(self, task: Task) -> DeclaredNetwork:
        """Return a task's network as it was declared; raises as `load_network` does."""
        assert not isinstance(task, GeometryTask)
        key = network_key(task)
        if key not in self._declared:
            self._declared[key] = load_network(
                task.model, task.checkpoint, key[2], self._places, allow_code=self._allow_code
            )
        return self._declared[key]

    def network_of(self, task: Task) -> Network:
        """Return a task's network on the device in the usual way; raises as `load_network` does.

        For aliasing no BatchNorm is folded: what coarsens a grid is measured before it.
        """
        declared = self.declared_of(task)
        execution = replace(USUAL, folded=not isinstance(task, AliasingTask))
        key = network_key(task), isinstance(task, AliasingTask)
        if key not in self._networks:
            run = prepare(declared.module, self._device, declared.dtype, execution)
            self._networks[key] = declared.on(run, execution)
        return self._networks[key]


def network_key(task: Task) -> tuple[str, str, int | None]:
    """Return what a network is loaded from: model, checkpoint, number of classes."""
    assert not isinstance(task, GeometryTask)
    classes = None if task.data.classes == "unstated" else task.data.classes
    return task.model.model_dump_json(), task.checkpoint.model_dump_json(), classes
