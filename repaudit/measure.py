"""The author's side: measure a plan with the same engine, and write its results file."""

import copy
import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from repaudit._core.disk import make_folder
from repaudit._core.errors import InputError
from repaudit.audit.finding import Finding, Severity
from repaudit.check.options import CheckOptions
from repaudit.check.outputs import write_text
from repaudit.check.positions import by_severity, located
from repaudit.contract.claim import Claim
from repaudit.contract.files import Places, sha256_of
from repaudit.contract.load import Document, load_results
from repaudit.contract.results import Results
from repaudit.contract.task import checkpoints_of, tasks_or_reasons
from repaudit.evidence.tables import Records
from repaudit.evidence.write import write_records
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled
from repaudit.rules import Case, run_rules

MEASURABLE = "an evaluation that can be measured"


class PlanFault(InputError):
    """A plan that breaks a rule; ``findings`` are the errors, with their place."""

    def __init__(self, path: Path, findings: list[Finding]) -> None:
        first = findings[0]
        where = f"{path}:{first.line}:{first.column}: {first.code} {first.name}"
        super().__init__(where, "a plan without errors", first.message)
        self.findings = findings


@dataclass(frozen=True)
class Measured:
    """What ``measure`` wrote."""

    path: Path
    """the results file"""
    evidence: tuple[Path, ...]
    claims: int
    forwards: int
    seed: int


def measure(plan: Path, output: Path, seed: int, options: CheckOptions) -> Measured:
    """Run every evaluation of a plan and write the results file with its evidence.

    The evidence goes to ``evidence/`` beside the results file, which must lie in the plan's own
    folder: its relative paths stay true. Nothing is written unless everything was measured.

    Raises ``ContractError`` for a broken file, ``PlanFault`` for a plan that breaks a rule,
    ``InputError`` for an evaluation that cannot be run and ``MissingPart`` without the extra.
    """
    results, document = load_results(plan)
    _refuse(plan, output, results, document)
    records, forwards = _run(results, document, seed, options)
    filled_claims = {
        name: [_filled(results, name, claim, records[name], plan) for claim in evaluation.claims]
        for name, evaluation in results.evaluations.items()
    }
    folder = output.parent / "evidence"
    evidence = {name: _write(table, folder / f"{name}.csv") for name, table in records.items()}
    value = _as_original(document.value, results, filled_claims, evidence, seed, output.parent)
    write_text(output, json.dumps(value, indent=1, ensure_ascii=False, default=_number) + "\n")
    if options.out is not None:
        shutil.rmtree(options.out, ignore_errors=True)
    claims = sum(map(len, filled_claims.values()))
    return Measured(output, tuple(evidence.values()), claims, forwards, seed)


def _refuse(plan: Path, output: Path, results: Results, document: Document) -> None:
    if results.study.kind != "plan":
        raise InputError(f"{plan}: /study/kind", '"plan"', f'"{results.study.kind}"')
    if output.resolve().parent != plan.resolve().parent:
        raise InputError(
            str(output), "a file in the plan's folder", "another folder", str(plan.parent / "…")
        )
    if output.resolve() == plan.resolve():
        raise InputError(str(output), "a file other than the plan", "the plan")
    findings, _ = run_rules(Case(results, document.value, Places(plan.parent, {})))
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if errors:
        raise PlanFault(plan, by_severity(located(document, errors)))


def _run(
    results: Results, document: Document, seed: int, options: CheckOptions
) -> tuple[dict[str, Records], int]:
    """Return the counts of every evaluation, and the forwards they took."""
    from repaudit.check.rerun import author_seed, machine_for

    tasks = tasks_or_reasons(results)
    with closing(machine_for(document, str(seed), options)) as machine:
        study = machine.run(tasks, author_seed(seed))
    for name, reason in study.reasons.items():
        raise InputError(f"{document.path}: /evaluations/{name}", MEASURABLE, reason)
    return study.records, sum(measurement.forwards for measurement in study.measurements)


def _filled(results: Results, name: str, claim: Claim, records: Records, plan: Path) -> Claim:
    try:
        return filled(claim, estimate(claim, context_of(results, name), records))
    except ValueError as error:
        number = results.evaluations[name].claims.index(claim)
        where = f"{plan}: /evaluations/{name}/claims/{number}"
        raise InputError(where, "a claim that can be measured", str(error)) from None


def _write(records: Records, path: Path) -> Path:
    make_folder(path.parent)
    write_records(records, path)
    return path


def _as_original(
    document: dict[str, Any],
    results: Results,
    claims: dict[str, list[Claim]],
    evidence: dict[str, Path],
    seed: int,
    folder: Path,
) -> dict[str, Any]:
    """Return the plan's own JSON with values, evidence and seed; everything else untouched."""
    value = copy.deepcopy(document)
    value["study"]["kind"] = "original"
    for sampling in value.get("sampling", {}).values():
        sampling["seed"] = seed
    for drawn in (*value.get("attacks", {}).values(), *value.get("defences", {}).values()):
        drawn["seed"] = seed
    for name, evaluation in value["evaluations"].items():
        for written, claim in zip(evaluation["claims"], claims[name], strict=True):
            written |= claim.model_dump(
                mode="json", include={"value", "rounding", "interpolation"}, exclude_none=True
            )
        path = evidence[name]
        evaluation["evidence"] = [
            {
                "path": path.relative_to(folder).as_posix(),
                "sha256": sha256_of(path),
                "format": "records",
                **_only_checkpoint(results, name),
            }
        ]
    return value


def _only_checkpoint(results: Results, name: str) -> dict[str, str]:
    """Return the checkpoint key when there is one; several stand in the file's own column."""
    checkpoints = checkpoints_of(results, name)
    return {"checkpoint": checkpoints[0].id} if len(checkpoints) == 1 else {}


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
