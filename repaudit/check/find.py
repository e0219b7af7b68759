"""Everything that an audit finds out, before it is compared and said."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from repaudit._core.disk import make_folder
from repaudit._core.errors import MissingPart
from repaudit.audit.finding import Certainty, Finding, Rule, Severity
from repaudit.audit.probe import Probe
from repaudit.audit.run import Measurement
from repaudit.audit.sample import Sample
from repaudit.check.commission import Commission
from repaudit.check.probes import probe, probe_findings
from repaudit.check.remeasure import remeasure
from repaudit.check.rerun import Machine, machine_for
from repaudit.check.sampling.write import write_samples
from repaudit.check.standing import Standing
from repaudit.contract.files import (
    FileFault,
    HashMismatch,
    MissingFile,
    OutsideFolder,
    Places,
    sha256_of,
)
from repaudit.contract.results import Results
from repaudit.contract.task import Task, tasks_or_reasons
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import Records
from repaudit.evidence.write import write_records
from repaudit.rules import Case, run_rules
from repaudit.verdicts.sampling.judge import Sampled

if TYPE_CHECKING:
    from repaudit.rerun.study import Study

UNRESOLVED = "RA041"
LEAST_REPEATS = 3
"""of an attacked or defended evaluation: two do not tell chance from a difference"""
VOID_VOTES = "RA924"
"""Outputs that are not finite: an error, but their votes are defined, and counted."""
OTHER_FILE = "RA810"
NO_RERUN = "no re-run was asked for (--static)"
PLAN = "a plan has no values yet; fill them in with repaudit measure"


@dataclass
class Found:
    """What the steps of an audit add to, until it is assembled."""

    findings: list[Finding] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    recomputed: dict[str, Records] = field(default_factory=dict)
    measured: dict[str, Records] = field(default_factory=dict)
    unusable: dict[str, MissingFile] = field(default_factory=dict)
    """why an evaluation's released evidence is not there, cannot be read, or contradicts itself"""
    no_counts: dict[str, str] = field(default_factory=dict)
    """why an evaluation's released counts cannot be used"""
    no_rerun: dict[str, str] = field(default_factory=dict)
    """why an evaluation was not measured"""
    measurements: list[Measurement] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    sampled: dict[str, Sampled] = field(default_factory=dict)
    """evaluations whose verdicts rest on a sample"""
    budget_forwards: int | None = None
    probes: list[Probe] = field(default_factory=list)
    machine: Machine | None = None
    """what the re-run was made on; None without one"""
    tasks: dict[str, list[Task] | str] = field(default_factory=dict)
    device: str | None = None
    plan: str | None = None

    @property
    def proved_errors(self) -> dict[str, str]:
        """By pointer: what no honest world can produce, so that a claim there is refuted."""
        return {
            finding.pointer: f"{finding.code} {finding.name}: {finding.message}"
            for finding in self.findings
            if finding.severity is Severity.ERROR and finding.certainty is Certainty.PROVED
        }


def find(asked: Commission) -> Found:
    """Run the rules, read the released counts and re-run the evaluations.

    Raises ``MissingPart`` when a device that was asked for is not there, and ``InputError`` for
    a budget that is none.
    """
    found, results, places = Found(), asked.results, asked.places
    _read_released(found, results, places)
    case = Case(results, asked.document.value, places, found.recomputed, found.unusable)
    found.findings, found.rules = run_rules(case, chosen=asked.chosen)
    if any(f.code == UNRESOLVED and f.severity is Severity.ERROR for f in found.findings):
        reason = f"not run because {UNRESOLVED} found names that lead nowhere"
        found.recomputed = {}
        found.no_counts = found.no_rerun = dict.fromkeys(results.evaluations, reason)
        return found
    if results.study.kind == "plan" or asked.options.static:
        reason = PLAN if results.study.kind == "plan" else NO_RERUN
        found.no_rerun = dict.fromkeys(results.evaluations, reason)
    else:
        _run_again(found, asked)
    return found


def _read_released(found: Found, results: Results, places: Places) -> None:
    for name in results.evaluations:
        try:
            records = load_evidence(results, name, places)
        except (HashMismatch, OutsideFolder) as fault:
            found.no_counts[name] = f"the released counts are not the declared file ({fault})"
        except (FileFault, MissingPart) as fault:
            found.no_counts[name] = str(fault)
            if isinstance(fault, MissingFile):
                found.unusable[name] = fault
        except KeyError:
            continue  # a name that leads nowhere, which RA041 reports
        else:
            if records is not None:
                found.recomputed[name] = records


def _run_again(found: Found, asked: Commission) -> None:
    results, options = asked.results, asked.options
    found.tasks = tasks_or_reasons(results, LEAST_REPEATS)
    try:
        found.machine = machine_for(asked.document, asked.nonce, options)
    except MissingPart as missing:
        if options.device not in ("auto", "cpu") or options.engine == "ray":
            raise
        found.no_rerun = dict.fromkeys(results.evaluations, str(missing))
        return
    _ask(found, found.machine, asked)
    standing = Standing(
        results,
        asked.margins,
        int.from_bytes(asked.seed[:8]),
        found.recomputed,
        found.no_counts,
        found.proved_errors,
    )
    with closing(found.machine):
        again = remeasure(asked, found.tasks, found.recomputed, found.machine, standing)
    study = again.study
    found.device, found.plan = study.device, study.plan
    found.measured, found.no_rerun = study.records, study.reasons
    found.sampled, found.budget_forwards = again.sampled, again.budget_forwards
    found.measurements = [_named(m, results) for m in _with_evidence(study, options.out)]
    found.samples = write_samples(again.run, options.out)
    _believe(found, asked, study.probes)
    if any(rule.code == OTHER_FILE and rule.skipped is None for rule in found.rules):
        found.findings += [_other_file(name, fault) for name, fault in study.other_files.items()]


def _ask(found: Found, machine: Machine, asked: Commission) -> None:
    """Probe every certification; where an error is found nothing that follows is believed."""
    for finding in _believe(found, asked, probe(machine.engine, found.tasks, asked.seed)):
        if finding.severity is Severity.ERROR and finding.code != VOID_VOTES:
            name = finding.pointer.split("/")[2]
            found.tasks[name] = f"a probe failed: {finding.code} {finding.message}"


def _believe(found: Found, asked: Commission, probes: Sequence[Probe]) -> list[Finding]:
    """Keep what probes measured, and return what the rules object to in it."""
    objections = probe_findings(asked.results, asked.document, None, probes, asked.chosen)
    found.probes += probes
    found.findings += objections
    return objections


def _with_evidence(study: "Study", out: Path | None) -> list[Measurement]:
    """Write our own counts, so that a third party can recheck the auditor."""
    if out is None:
        return study.measurements
    paths = {name: Path("evidence") / f"{name}.csv" for name in study.records}
    for name, records in study.records.items():
        make_folder(out / "evidence")
        write_records(records, out / paths[name])
    return [
        measurement.model_copy(
            update={
                "evidence_path": paths[measurement.evaluation].as_posix(),
                "evidence_sha256": sha256_of(out / paths[measurement.evaluation]),
            }
        )
        if measurement.evaluation in paths
        else measurement
        for measurement in study.measurements
    ]


def _named(measurement: Measurement, results: Results) -> Measurement:
    """Say which of the file's networks was measured."""
    model = getattr(results.evaluations[measurement.evaluation], "model", None)
    return measurement.model_copy(update={"model": model})


def _other_file(evaluation: str, fault: FileFault) -> Finding:
    """Return the finding for a file that only the re-run opened, such as a clip."""
    return Finding(
        code=OTHER_FILE,
        name="file-not-as-declared",
        severity=Severity.ERROR,
        certainty=Certainty.PROVED,
        pointer=f"/evaluations/{evaluation}/data",
        message=str(fault),
    )
