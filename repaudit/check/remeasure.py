"""The re-run of an audit: samples within the budget, the rest in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repaudit._core.progress import Step, silent
from repaudit.audit.sample import Sample
from repaudit.check.budget import budget_of
from repaudit.check.commission import Commission
from repaudit.check.in_full import FullRuns
from repaudit.check.purse import Clock, Purse
from repaudit.check.rerun import Machine
from repaudit.check.sampling import Planned, SampledRun, Samples, planned
from repaudit.check.sampling.words import plan_lines, speed_of_all
from repaudit.check.speeds import speeds_of
from repaudit.check.standing import Standing
from repaudit.contract.results import Results
from repaudit.contract.task import CertificationTask, CleanTask, Task
from repaudit.evidence.tables import EmpiricalRecords, Records
from repaudit.verdicts.sampling.design import MOST_MARGIN
from repaudit.verdicts.sampling.judge import Sampled

if TYPE_CHECKING:
    from repaudit.rerun.study import Study

Tasks = Mapping[str, Sequence[Task] | str]

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
    """the budget that repeats every decision; None where none is needed"""


def remeasure(
    asked: Commission,
    tasks: Tasks,
    released: Mapping[str, Records],
    machine: Machine,
    standing: Standing,
) -> Remeasured:
    """Re-run the evaluations by the mode and within the budget of the options.

    Raises ``InputError`` for a budget that is none.
    """
    options, seed = asked.options, asked.seed
    margin = min(asked.margins.by_family["accuracy"].value / 100.0, MOST_MARGIN)
    # Two re-runs are compared count by count, so an audit that confirms another is a full one;
    # and nothing but all examples confirms that no difference at all is there.
    sampled = options.mode != "full" and options.confirm is None and margin > 0.0
    plan = planned(tasks, released, machine.engine, margin, sampled=sampled)
    purse, speeds = _purse(plan, tasks, machine, seed)
    for p in plan:
        options.progress(Step(p.evaluation, total=p.forwards))
    in_full = FullRuns(machine, seed, {p.evaluation: p for p in plan}, purse, speeds, standing)
    by_sample = {p.evaluation: p for p in plan if p.how == "sample"}
    study = in_full.run({n: wanted for n, wanted in tasks.items() if n not in by_sample})
    clean = _clean(asked.results, {n: tasks[n] for n in by_sample}, machine, seed, purse)
    samples = Samples(asked.results, tasks, released, machine, seed, margin, purse, speeds)

    def settled(sample: Sample) -> None:
        if options.progress is not silent:
            with purse.unpaid():
                said = standing.of_sample(Sampled(sample, _classes(clean, sample)))
                options.progress(Step(sample.evaluation, said, is_over=True))

    run = samples.draw(list(by_sample.values()), settled)
    left = [n for n in by_sample if not _is_confirmed(run.samples.get(n))]
    again = in_full.run({n: QUICK if options.mode == "quick" else tasks[n] for n in left})
    found = _standing_for(run, again, clean, in_full.refused)
    study.take_in(again)
    study.other_files |= clean.other_files
    listed = (m for m in clean.measurements if m.evaluation in found and m.status == "measured")
    study.measurements += [*listed, *(run.drawn[n].measurement(found[n].sample) for n in found)]
    _put_in_order(study, list(tasks))
    return Remeasured(study, found, run, purse.recorded)


def _purse(
    plan: Sequence[Planned], tasks: Tasks, machine: Machine, seed: bytes
) -> tuple[Purse, dict[str, float]]:
    """Return the budget, and speeds if it is one of time, after the plan was announced."""
    options = machine.options
    budget = budget_of(options.budget, options.mode)
    speeds = {} if budget.seconds is None else speeds_of(plan, tasks, machine, seed)
    for line in plan_lines(plan, options.mode, options.risk, budget.text, speeds):
        options.announce(line)
    if budget.seconds is None:
        return Purse(budget.forwards), speeds
    speed = speed_of_all(plan, speeds)
    worth = None if speed is None else int(budget.seconds * speed)
    return Purse(None, Clock(budget.seconds), worth), speeds


def _clean(results: Results, tasks: Tasks, machine: Machine, seed: bytes, purse: Purse) -> "Study":
    """Classify the unperturbed examples where their accuracy is claimed of a sampled evaluation."""
    found: dict[str, Sequence[Task]] = {}
    for name, wanted in tasks.items():
        claims = results.evaluations[name].claims
        if any(c.metric == "clean_accuracy" and c.classifier == "base" for c in claims):
            first = [t for t in wanted if isinstance(t, CertificationTask) and t.repeat == 0]
            clean = [CleanTask(name, t.data, t.pipeline, t.model, t.checkpoint) for t in first]
            forwards = sum(map(machine.engine.forwards_of, clean))
            if purse.grant(forwards):
                purse.pay(forwards)
                found[name] = clean
    return machine.run(found, seed, silent)


def _is_confirmed(sample: Sample | None) -> bool:
    return sample is not None and sample.outcome == "confirmed"


def _classes(clean: "Study", sample: Sample) -> EmpiricalRecords | None:
    found = clean.records.get(sample.evaluation)
    return found if isinstance(found, EmpiricalRecords) else None


def _standing_for(
    run: SampledRun, again: "Study", clean: "Study", refused: Mapping[str, str]
) -> dict[str, Sampled]:
    """Return the samples that stand for a full re-run, which then has not been made."""
    found = {}
    for name, sample in run.samples.items():
        reason = None if _is_confirmed(sample) else refused.get(name, "re-run in full")
        if reason is not None:
            said = {"reason": f"{sample.reason}; {reason}"}
            run.samples[name] = sample = sample.model_copy(update=said)
        if reason is None or name in refused:
            found[name] = Sampled(sample, _classes(clean, sample))
            again.leave(name)
    return found


def _put_in_order(study: "Study", names: Sequence[str]) -> None:
    """Sort what was measured by the order of the file."""
    study.measurements.sort(key=lambda measurement: names.index(measurement.evaluation))
    study.records = {name: study.records[name] for name in names if name in study.records}
