"""The certificates of one evaluation, and the few that are attacked."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.task import CertificationTask, Task
from repaudit.evidence.tables import CertificationRecords, RadiusRecords, Records
from repaudit.statistics.certificate import certified_z, hits_for_z

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.falsify import Certificate

Run = tuple[str, int]
"""Checkpoint and repeat."""


@dataclass(frozen=True)
class Table:
    """What one evaluation certifies."""

    tasks: Mapping[Run, CertificationTask]
    counts: Literal["released", "re-run"]
    rows: int
    """examples times runs"""
    certified: int
    targets: "list[tuple[Run, Certificate, int]]"
    """what is attacked, each with the number of the restart"""

    @property
    def task(self) -> CertificationTask:
        """Any of the tasks: they differ in their network alone."""
        return next(iter(self.tasks.values()))

    @property
    def sigma(self) -> float:
        """Of the noise."""
        return self.task.sigma

    @property
    def alpha(self) -> float:
        """Per example."""
        return self.task.alpha


def table_of(
    name: str,
    engine: "Engine",
    tasks: Sequence[Task] | str,
    released: Records | None,
    measured: Records | None,
    seed: bytes,
    attempts: int,
) -> Table | str:
    """Return the certificates of an evaluation with those to attack, or why there are none.

    Which ones follows from the seed, after they were written. Raises as `Engine.ready` does.
    """
    if isinstance(tasks, str):
        return tasks
    runs = {(t.checkpoint.id, t.repeat): t for t in tasks if isinstance(t, CertificationTask)}
    counts: Literal["released", "re-run"] = "released"
    records = released
    if not isinstance(records, CertificationRecords | RadiusRecords):
        records, counts = measured, "re-run"
    if not runs or not isinstance(records, CertificationRecords | RadiusRecords):
        return "there are neither released counts nor a re-run's"
    known = {
        (run, example.example_id)
        for run, task in runs.items()
        for example in engine.ready(task).dataset.examples
    }
    task = next(iter(runs.values()))
    certificates = [
        (run, certificate)
        for run, certificate in _certificates(records, task)
        if (run, certificate.example_id) in known
    ]
    order = sorted(certificates, key=lambda one: _rank(seed, name, *one))
    targets = [(*order[i % len(order)], i // len(order)) for i in range(attempts if order else 0)]
    return Table(runs, counts, len(records), len(certificates), targets)


def _certificates(
    records: CertificationRecords | RadiusRecords, task: CertificationTask
) -> "Iterator[tuple[Run, Certificate]]":
    """Yield every certificate with its run; abstentions have none."""
    from repaudit.rerun.falsify import Certificate

    if isinstance(records, RadiusRecords):
        # The smallest radius that prints so, and the smallest count that gives it.
        radii, classes = np.where(records.predict >= 0, records.low, 0.0), records.predict
        draws: NDArray[np.int64] = np.full(len(records), task.n, np.int64)
        hits = np.minimum(hits_for_z(radii / task.sigma, task.n, task.alpha), task.n)
    else:
        classes, hits, draws = records.selected_class, records.hits, records.draws
        radii = task.sigma * certified_z(hits, draws, task.alpha)
    for row in np.flatnonzero(radii > 0.0):
        run = str(records.checkpoint[row]), int(records.repeat[row])
        numbers = int(classes[row]), float(radii[row]), int(hits[row]), int(draws[row])
        yield run, Certificate(str(records.example_id[row]), *numbers)


def _rank(seed: bytes, evaluation: str, run: Run, certificate: "Certificate") -> bytes:
    words = json.dumps(["falsification", evaluation, *run, certificate.example_id])
    return hashlib.sha256(seed + words.encode()).digest()
