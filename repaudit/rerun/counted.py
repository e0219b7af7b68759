"""What a task comes to in numbers: beforehand from what it asks, afterwards from its columns."""

from repaudit.audit.probe import Probe
from repaudit.contract.task import (
    AliasingTask,
    CertificationTask,
    CleanTask,
    EmpiricalTask,
    GeometryTask,
    Task,
)
from repaudit.evidence.tables import CertificationRecords, EmpiricalRecords, Records
from repaudit.rerun.aliasing.work import AliasingWork
from repaudit.rerun.attacks.settings import budget
from repaudit.rerun.certify import CertificationWork
from repaudit.rerun.clean import CleanWork
from repaudit.rerun.empirical import EmpiricalWork
from repaudit.rerun.geometry import GeometryWork
from repaudit.rerun.journal import Columns
from repaudit.rerun.votes import VOID
from repaudit.rerun.work import Work

_WORKS: dict[type[Task], type[Work]] = {
    CertificationTask: CertificationWork,
    GeometryTask: GeometryWork,
    CleanTask: CleanWork,
    EmpiricalTask: EmpiricalWork,
    AliasingTask: AliasingWork,
}


def shard_size(task: Task) -> int:
    """Return the examples of a shard of a task, so that shards can be told without a network."""
    return _WORKS[type(task)].shard_size


def forwards_each(task: Task) -> int:
    """Return the forwards that one example takes, at most where attacks search."""
    if isinstance(task, CertificationTask):
        return 1 + task.n0 + task.n
    if isinstance(task, EmpiricalTask):
        return budget(task)
    return task.draws if isinstance(task, GeometryTask) else 1


def made(task: Task, columns: Columns, total: int) -> int:
    """Return the forwards that were made: attacks end as soon as they can."""
    return round(columns["forwards"].sum()) if isinstance(task, EmpiricalTask) else total


def zero_norms(task: Task, columns: Columns) -> int:
    """Return how many examples have no energy where the noise is added."""
    if not isinstance(task, CertificationTask | GeometryTask):
        return 0
    zeros = int((columns["norm"] == 0.0).sum())
    return zeros // task.draws if isinstance(task, GeometryTask) else zeros


def probes(work: Work, columns: Columns) -> tuple[Probe, ...]:
    """Return what some measurements say about themselves."""
    return tuple(work.probes(columns)) if isinstance(work, EmpiricalWork | AliasingWork) else ()


def void_votes(records: Records) -> int:
    """Return how many outputs were not finite."""
    if isinstance(records, CertificationRecords):
        assert records.void is not None  # always counted here
        return int(records.void.sum())
    return int((records.base_clean == VOID).sum()) if isinstance(records, EmpiricalRecords) else 0
