"""Data sets and networks, loaded once and kept for the tasks that share them."""

import torch

from repaudit.contract.files import Places
from repaudit.contract.task import AliasingTask, CertificationTask, GeometryTask, Task
from repaudit.rerun.data import Dataset, load_dataset
from repaudit.rerun.network import Network, load_network


class Shelf:
    """What the tasks of one results file need, on one device."""

    def __init__(self, places: Places, device: torch.device, *, allow_code: bool) -> None:
        self._places, self._device, self._allow_code = places, device, allow_code
        self._datasets: dict[str, Dataset] = {}
        self._networks: dict[tuple[str, str, int | None, bool], Network] = {}

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

    def network_of(self, task: Task) -> Network:
        """Return a task's network on the device; raises as `load_network` does.

        For aliasing no BatchNorm is folded: what coarsens a grid is measured before it.
        """
        assert not isinstance(task, GeometryTask)
        fold = not isinstance(task, AliasingTask)
        classes = None if task.data.classes == "unstated" else task.data.classes
        key = (task.model.model_dump_json(), task.checkpoint.model_dump_json(), classes, fold)
        if key not in self._networks:
            self._networks[key] = load_network(
                task.model,
                task.checkpoint,
                classes,
                self._places,
                self._device,
                allow_code=self._allow_code,
                fold=fold,
            )
        return self._networks[key]
