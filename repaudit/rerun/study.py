"""Re-run every evaluation of a results file; what cannot be run gets a reason, never a guess."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from repaudit._core.disk import CannotWrite
from repaudit._core.errors import RepauditError
from repaudit._core.progress import Progress, Step
from repaudit._core.text import one_line
from repaudit.audit.probe import Probe
from repaudit.audit.run import Measurement
from repaudit.contract.base import UnstatedError
from repaudit.contract.coordinates import split_at, unit_of
from repaudit.contract.files import FileFault, HashMismatch, OutsideFolder
from repaudit.contract.task import CertificationTask, GeometryTask, Task, Unsupported
from repaudit.evidence.join import concatenate
from repaudit.evidence.tables import Records
from repaudit.rerun.data import NotAsDeclared
from repaudit.rerun.engine import Engine
from repaudit.rerun.helped import CannotHelp, Helped
from repaudit.rerun.journal import Journal
from repaudit.rerun.progress import label_of
from repaudit.rerun.task_run import TaskRun

CANNOT_RUN = (FileFault, RepauditError, UnstatedError, Unsupported)
"""An evaluation that ends with one of these is not checked; the others go on."""
ENDS_THE_RUN = (CannotHelp, CannotWrite)
"""Of these the ones after which nothing goes on; what is finished is kept."""


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

    def take_in(self, other: "Study") -> None:
        """Add what another run of the same file gave, of other evaluations."""
        self.records |= other.records
        self.measurements += other.measurements
        self.reasons |= other.reasons
        self.probes += other.probes
        self.other_files |= other.other_files

    def leave(self, name: str) -> None:
        """Say no longer that an evaluation was not measured."""
        if self.reasons.pop(name, None) is not None:
            self.measurements = [m for m in self.measurements if m.evaluation != name]


@dataclass(frozen=True)
class Course:
    """What somebody above has to say about the course of a study."""

    help_out: Callable[[str, Sequence[Task]], Mapping[str, Helped]] = lambda name, tasks: {}
    """asked before an evaluation is run: what others put into the journal, by the task's label"""


def run_study(
    tasks: Mapping[str, Sequence[Task] | str],
    seed: bytes,
    engine: Engine,
    journal: Journal | None,
    progress: Progress,
    course: Course | None = None,
) -> Study:
    """Run the tasks of every evaluation (text = the reason why it has none).

    What goes wrong with one evaluation is its reason, and the others go on. Raises
    ``CannotWrite`` when the journal's disk takes no more and ``CannotHelp`` when others that
    help out cannot: finished shards are kept.
    """
    study, course = Study(engine.device.type, engine.plan), course or Course()
    totals = {name: _total(engine, wanted) for name, wanted in tasks.items()}
    for name, total in totals.items():
        progress(Step(name, total=total))
    for name, wanted in tasks.items():
        if isinstance(wanted, str):
            _leave_out(study, name, wanted)
        else:
            counter = _Counter(progress, name, totals[name])
            run = partial(_run_tasks, name, wanted, seed, engine, journal, counter, course)
            _measure(study, name, run)
        progress(Step(name, is_over=True))
    return study


def _measure(study: Study, name: str, run: Callable[[], list[TaskRun]]) -> None:
    """Run one evaluation; all of its tasks or none are in the study afterwards."""
    try:
        runs = run()
    except ENDS_THE_RUN:
        raise
    except CANNOT_RUN as fault:
        if isinstance(fault, HashMismatch | OutsideFolder | NotAsDeclared):
            study.other_files[name] = fault
        _leave_out(study, name, one_line(str(fault)))
    else:
        study.records[name] = concatenate([run.records for run in runs])
        study.measurements += [_measurement(run) for run in runs]
        study.probes += [probe for run in runs for probe in run.probes]


def _run_tasks(
    name: str,
    tasks: Sequence[Task],
    seed: bytes,
    engine: Engine,
    journal: Journal | None,
    counter: "_Counter",
    course: Course,
) -> list[TaskRun]:
    helped, runs = course.help_out(name, tasks), []
    for task in tasks:
        others = helped.get(label_of(task), Helped())
        counter.begin(others.forwards)
        runs.append(engine.run_task(task, seed, journal, counter.show, others))
        counter.finish(engine.forwards_of(task))
    return runs


class _Counter:
    """Forwards of one evaluation, from those of the task at hand."""

    def __init__(self, progress: Progress, evaluation: str, total: int) -> None:
        self._progress, self._evaluation, self._total = progress, evaluation, total
        self._before, self._kept, self._helped, self._is_first = 0, 0, 0, True

    def begin(self, helped: int) -> None:
        """Begin a task, for which others put so many forwards into the journal in this run."""
        self._helped, self._is_first = helped, True

    def show(self, label: str, done: int, _: int) -> None:
        """Show the forwards of a task; the first that it tells are those of the journal."""
        if self._is_first:
            self._kept += max(0, done - self._helped)
            self._is_first = False
        doing = label.removeprefix(self._evaluation).strip()
        done += self._before
        self._progress(Step(self._evaluation, doing, done, self._total, self._kept))

    def finish(self, forwards: int) -> None:
        """Count a task whole; attacks take fewer forwards than they might have."""
        self._before += forwards


def _total(engine: Engine, tasks: Sequence[Task] | str) -> int:
    """Return the forwards of an evaluation; one whose data cannot be read takes none."""
    try:
        return sum(engine.forwards_of(task) for task in tasks if not isinstance(task, str))
    except CANNOT_RUN:
        return 0


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
        network=run.network,
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
