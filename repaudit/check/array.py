"""Array jobs: each computes its share of the shards, and the audit is made when all are there."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from repaudit._core.errors import InputError
from repaudit._core.progress import Step
from repaudit.audit.finding import Severity
from repaudit.check.find import LEAST_REPEATS, UNRESOLVED
from repaudit.check.incomplete import Incomplete
from repaudit.check.options import CheckOptions
from repaudit.check.rerun import JOURNAL, Machine, audit_seed, joined_machine
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.contract.task import Task, tasks_or_reasons
from repaudit.rules import Case, run_rules

if TYPE_CHECKING:
    from repaudit.rerun.scale.load import Load

Evaluations = dict[str, list[Task]]


@dataclass
class Job:
    """What one job of an array did."""

    nonce: str
    """the same for all jobs"""
    shards: int = 0
    """of the whole re-run"""
    mine: int = 0
    """of this job"""
    computed: int = 0
    """the others of this job were there already, or were refused"""
    refused: dict[str, str] = field(default_factory=dict)
    """by task: why a shard of it could not be computed"""
    refused_shards: int = 0


def run_job(path: Path, index: int, count: int, options: CheckOptions) -> Job:
    """Compute the shards of the full re-run whose number leaves ``index`` modulo ``count``.

    They go to the journal in ``options.out``, whose nonce is that of the job that was first. A
    shard that is there is not computed again.

    Raises ``InputError`` and ``ContractError`` for a file or an option that cannot be used,
    ``MissingPart`` without the extra, and as `fill` does.
    """
    if not 0 <= index < count:
        raise InputError("--index", f"0 to {count - 1}, below --count", str(index))
    machine, nonce, evaluations, raw = _opened(path, options)
    job, seed = Job(nonce), audit_seed(raw, nonce)
    with closing(machine):
        for name, load in _loads(machine, evaluations).items():
            _compute(job, name, load, index, count, seed, machine)
    return job


def _compute(
    job: Job, name: str, load: "Load", index: int, count: int, seed: bytes, machine: Machine
) -> None:
    """Compute this job's shards of an evaluation, whose first has the number ``job.shards``."""
    from repaudit.rerun.scale.fill import fill

    assert machine.workers is not None
    assert machine.journal is not None
    mine = load.only(index, count, job.shards)
    numbers = range(job.shards, job.shards + load.shards)
    job.mine += sum(number % count == index for number in numbers)
    job.shards += load.shards
    if not mine.shares:
        return
    crew = machine.workers.crew(seed, machine.journal)
    report = _reporter(machine.options, name, mine.total)
    filled = fill(mine, seed, machine.engine, machine.journal, crew, report, keep_going=True)
    machine.options.progress(Step(name, is_over=True))
    computed = sum(helped.shards for helped in filled.helped.values())
    job.computed += computed
    job.refused_shards += len(mine.shares) - computed
    job.refused |= filled.refused


def refuse_incomplete(path: Path, options: CheckOptions) -> None:
    """Raise ``Incomplete`` unless every shard of the full re-run is in the journal of an array.

    A shard that its job could not compute is not waited for: the audit says what is wrong with
    it. Raises as `run_job` does.
    """
    assert options.out is not None
    if not (options.out / JOURNAL).is_dir():
        command = f"repaudit shard run {path} --out {options.out} --index I --count K"
        raise InputError(str(options.out / JOURNAL), "the shards of array jobs", "none", command)
    machine, _, evaluations, _ = _opened(path, options)
    journal, first, missing = machine.journal, 0, []
    assert journal is not None
    for load in _loads(machine, evaluations).values():
        missing += [
            first + load.numbers[str(share)]
            for share in load.shares
            if journal.refusal(share.label, share.shard) is None
        ]
        first += load.shards
    if missing:
        raise Incomplete(str(path), str(options.out), tuple(missing), first)


def _opened(path: Path, options: CheckOptions) -> tuple[Machine, str, Evaluations, bytes]:
    """Return what re-runs a file in the journal of all jobs, the nonce, the tasks, and the file."""
    results, document = load_results(path)
    _refuse_unresolved(path, results, document.value, options)
    machine, nonce = joined_machine(document, options)
    tasks = tasks_or_reasons(results, LEAST_REPEATS)
    evaluations = {n: wanted for n, wanted in tasks.items() if not isinstance(wanted, str)}
    return machine, nonce, evaluations, document.raw


def _refuse_unresolved(path: Path, results: Results, value: object, options: CheckOptions) -> None:
    """Raise ``InputError`` for a file of which no task can be made."""
    if results.study.kind == "plan":
        raise InputError(f"{path}: /study/kind", "a file with values", "a plan")
    case = Case(results, value, Places(path.parent, options.roots))
    findings, _ = run_rules(case, chosen=frozenset({UNRESOLVED}))
    for finding in findings:
        if finding.severity is Severity.ERROR:
            where = f"{path}: {finding.pointer}: {finding.code} {finding.name}"
            command = f"repaudit check {path} --static"
            raise InputError(where, "a name that leads somewhere", finding.message, command)


def _loads(machine: Machine, evaluations: Evaluations) -> "dict[str, Load]":
    """Return what of every evaluation is missing."""
    from repaudit.rerun.scale.load import load_of

    assert machine.journal is not None
    journal = machine.journal
    return {name: load_of(machine.engine, tasks, journal) for name, tasks in evaluations.items()}


def _reporter(options: CheckOptions, name: str, total: int) -> Callable[[str, int], None]:
    """Return what shows the forwards of an evaluation."""
    options.progress(Step(name, total=total))

    def report(label: str, done: int) -> None:
        doing = label.removeprefix(name).strip()
        options.progress(Step(name, doing, min(done, total), total))

    return report
