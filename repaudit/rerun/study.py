"""Re-run every evaluation of a results file; what cannot be run gets a reason, never a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from repaudit._core.errors import RepauditError
from repaudit.audit.probe import Probe
from repaudit.audit.run import Measurement
from repaudit.contract.base import UnstatedError
from repaudit.contract.coordinates import split_at, unit_of
from repaudit.contract.files import FileFault, HashMismatch, OutsideFolder
from repaudit.contract.task import CertificationTask, GeometryTask, Task, Unsupported
from repaudit.evidence.join import concatenate
from repaudit.evidence.tables import Records
from repaudit.rerun.data import NotAsDeclared
from repaudit.rerun.engine import Engine, TaskRun
from repaudit.rerun.journal import Journal
from repaudit.rerun.progress import Progress

CANNOT_RUN = (FileFault, RepauditError, UnstatedError, Unsupported)
"""An evaluation that ends with one of these is not checked; the others go on."""


@dataclass
class Study:
    """What a re-run of a results file gave."""

    device: str
    plan: str
    records: dict[str, Records] = field(default_factory=dict)
    """measured counts by evaluation"""
    measurements: list[Measurement] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    """why an evaluation was not measured"""
    probes: list[Probe] = field(default_factory=list)
    """what was asked about attacks while they ran"""
    other_files: dict[str, FileFault] = field(default_factory=dict)
    """by evaluation: a file that is there and is not the declared one"""


def run_study(
    tasks: Mapping[str, Sequence[Task] | str],
    seed: bytes,
    engine: Engine,
    journal: Journal | None,
    progress: Progress,
) -> Study:
    """Run the tasks of every evaluation (text = the reason why it has none).

    ``progress`` is called with a label, the forwards done and the forwards of the whole study.
    """
    study = Study(engine.device.type, engine.plan)
    counter = _Counter(progress, _total(engine, tasks))
    for name, wanted in tasks.items():
        if isinstance(wanted, str):
            _leave_out(study, name, wanted)
            continue
        try:
            runs = []
            for task in wanted:
                runs.append(engine.run_task(task, seed, journal, counter.show))
                counter.finish(engine.forwards_of(task))
        except CANNOT_RUN as fault:
            if isinstance(fault, HashMismatch | OutsideFolder | NotAsDeclared):
                study.other_files[name] = fault
            _leave_out(study, name, str(fault))
        else:
            study.records[name] = concatenate([run.records for run in runs])
            study.measurements += [_measurement(run) for run in runs]
            study.probes += [probe for run in runs for probe in run.probes]
    return study


class _Counter:
    """Forwards of the whole study, from those of the task at hand."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._before = progress, total, 0

    def show(self, label: str, done: int, _: int) -> None:
        self._progress(label, self._before + done, self._total)

    def finish(self, forwards: int) -> None:
        self._before += forwards


def _total(engine: Engine, tasks: Mapping[str, Sequence[Task] | str]) -> int:
    """Return the forwards of all tasks; one whose data cannot be read takes none."""
    total = 0
    for wanted in tasks.values():
        try:
            total += sum(engine.forwards_of(task) for task in wanted if not isinstance(task, str))
        except CANNOT_RUN:
            continue
    return total


def _leave_out(study: Study, name: str, reason: str) -> None:
    study.reasons[name] = reason
    study.measurements.append(
        Measurement(evaluation=name, checkpoint=None, status="not_checked", reason=reason)
    )


def _measurement(run: TaskRun) -> Measurement:
    task = run.task
    return Measurement(
        evaluation=task.evaluation,
        checkpoint=None if isinstance(task, GeometryTask) else task.checkpoint.id,
        status="measured",
        reason="; ".join(run.notes) or None,
        certified_object=_object(task),
        examples=len(set(run.records.example_id.tolist())),
        forwards=run.forwards,
        seconds=run.seconds,
        void_votes=run.void_votes,
        zero_norm_examples=run.zero_norm_examples,
        summary=dict(run.summary),
        layers=list(run.layers),
    )


def _object(task: Task) -> str | None:
    """Return what is certified or measured, where the noise enters, and the unit, in words."""
    if not isinstance(task, CertificationTask | GeometryTask):
        return None
    contract = task.contract
    rho, _ = split_at(task.pipeline, contract.perturbation.location)
    unit = unit_of(task.data, rho)
    return f"{contract.object}, noise after {contract.perturbation.location} ({unit})"
