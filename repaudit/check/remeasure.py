"""The re-run of an audit: samples within the budget, the rest in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from repaudit.audit.run import Measurement
from repaudit.audit.sample import Sample
from repaudit.check.budget import Purse, budget_of
from repaudit.check.commission import Commission
from repaudit.check.rerun import Machine
from repaudit.check.sampling import Planned, SampledRun, planned, sample_all
from repaudit.check.sampling.words import plan_lines
from repaudit.contract.results import Results
from repaudit.contract.task import CertificationTask, CleanTask, Task
from repaudit.evidence.tables import EmpiricalRecords, Records
from repaudit.verdicts.sampling.design import MOST_MARGIN
from repaudit.verdicts.sampling.judge import Sampled

if TYPE_CHECKING:
    from repaudit.rerun.study import Study

Tasks = dict[str, Sequence[Task] | str]

SMALL = 20_000
"""forwards up to which no speed is measured: any time is enough"""
QUICK = "a quick audit makes no full re-run"


@dataclass
class Remeasured:
    """What a re-run gave: full measurements, and samples that stand for some."""

    study: "Study"
    sampled: dict[str, Sampled]
    """evaluations whose verdicts rest on a sample"""
    run: SampledRun
    """every sample, those included that a full re-run followed"""
    budget_forwards: int | None


@dataclass
class _Left:
    """What a full re-run still has to do."""

    tasks: Tasks
    sampled: dict[str, Sample] = field(default_factory=dict)


def remeasure(
    asked: Commission,
    tasks: Mapping[str, Sequence[Task] | str],
    released: Mapping[str, Records],
    machine: Machine,
) -> Remeasured:
    """Re-run the evaluations by the mode and within the budget of the options.

    Raises ``InputError`` for a budget that is none.
    """
    results, options, seed = asked.results, asked.options, asked.seed
    margin = min(asked.margins.by_family["accuracy"].value / 100.0, MOST_MARGIN)
    # Two re-runs are compared count by count, so an audit that confirms another is a full one;
    # and nothing but all examples confirms that no difference at all is there.
    sampled = options.mode != "full" and options.confirm is None and margin > 0.0
    plan = planned(tasks, released, machine.engine, margin, sampled=sampled)
    purse = Purse(_budget(plan, tasks, machine))
    affordable = _affordable(tasks, plan, purse)
    names = [p.evaluation for p in plan if p.how == "sample"]
    run = sample_all(names, results, affordable, released, machine, seed, margin, purse)
    left = _left(affordable, names, run, plan, purse, is_quick=options.mode == "quick")
    clean = {name: _clean(results, tasks[name], name) for name in left.sampled}
    study = machine.run({**left.tasks, **clean}, seed)
    return Remeasured(study, _sampled(left, study), run, purse.total)


def _budget(
    plan: Sequence[Planned], tasks: Mapping[str, Sequence[Task] | str], machine: Machine
) -> int | None:
    """Return the budget in forwards, after the plan was announced."""
    options = machine.options
    budget = budget_of(options.budget, options.mode)
    speed = _speed(plan, tasks, machine) if budget.seconds is not None else None
    forwards = budget.in_forwards(speed)
    for line in plan_lines(plan, options.mode, options.risk, budget.text, forwards, speed):
        options.announce(line)
    return forwards


def _speed(
    plan: Sequence[Planned], tasks: Mapping[str, Sequence[Task] | str], machine: Machine
) -> float | None:
    """Return forwards per second of the slowest certification; None for little work."""
    from repaudit.rerun.study import CANNOT_RUN

    if sum(planned.in_full for planned in plan) <= SMALL:
        return None
    speeds = []
    for name in (p.evaluation for p in plan):
        first = tasks[name][0]
        if isinstance(first, CertificationTask):
            try:
                speeds.append(machine.engine.speed_of(first))
            except CANNOT_RUN:
                continue
    return min(speeds, default=None)


def _affordable(
    tasks: Mapping[str, Sequence[Task] | str], plan: Sequence[Planned], purse: Purse
) -> Tasks:
    """Return the tasks, with a reason for those full re-runs that the budget does not reach."""
    found: Tasks = dict(tasks)
    for planned_ in plan:
        if planned_.how == "full":
            _pay(found, planned_, purse)
    return found


def _pay(tasks: Tasks, planned_: Planned, purse: Purse) -> bool:
    """Pay for a full re-run, or leave it out with the reason; say which."""
    if purse.can_pay(planned_.in_full):
        purse.pay(planned_.in_full)
        return True
    needed = f"a full re-run takes {planned_.in_full:,} forwards"
    tasks[planned_.evaluation] = f"{needed}, {purse.left:,.0f} of the budget are left"
    return False


def _left(
    tasks: Tasks,
    names: Sequence[str],
    run: SampledRun,
    plan: Sequence[Planned],
    purse: Purse,
    *,
    is_quick: bool,
) -> _Left:
    """Return what is re-run in full, and the samples that stand for the rest."""
    left, cost = _Left(dict(tasks)), {p.evaluation: p for p in plan}
    for name in names:
        sample = run.samples.get(name)
        if sample is not None and sample.outcome == "confirmed":
            left.sampled[name] = sample
        elif is_quick:
            left.tasks[name] = QUICK
        elif _pay(left.tasks, cost[name], purse) and sample is not None:
            run.samples[name] = _continued(sample, "re-run in full")
        reason = left.tasks[name]
        if sample is not None and isinstance(reason, str):
            run.samples[name] = left.sampled[name] = _continued(sample, reason)
    return left


def _continued(sample: Sample, what: str) -> Sample:
    return sample.model_copy(update={"reason": f"{sample.reason}; {what}"})


def _clean(results: Results, tasks: Sequence[Task] | str, name: str) -> list[Task] | str:
    """Return the clean classification of a sampled evaluation, where its accuracy is claimed."""
    claims = results.evaluations[name].claims
    if not any(c.metric == "clean_accuracy" and c.classifier == "base" for c in claims):
        return "sampled"
    return [
        CleanTask(task.evaluation, task.data, task.pipeline, task.model, task.checkpoint)
        for task in tasks
        if isinstance(task, CertificationTask) and task.repeat == 0
    ]


def _sampled(left: _Left, study: "Study") -> dict[str, Sampled]:
    """Return the samples with what was measured beside them, which leaves the study."""
    found = {}
    for name, sample in left.sampled.items():
        clean = study.records.pop(name, None)
        reason = study.reasons.pop(name, None)
        if reason is not None:
            study.measurements = [m for m in study.measurements if m.evaluation != name]
        study.measurements.append(_measurement(sample))
        found[name] = Sampled(sample, clean if isinstance(clean, EmpiricalRecords) else None)
    return found


def _measurement(sample: Sample) -> Measurement:
    return Measurement(
        evaluation=sample.evaluation,
        checkpoint=None,
        status="sampled",
        reason=sample.reason,
        examples=sample.examples,
        forwards=sample.forwards,
    )
