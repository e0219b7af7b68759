"""Aliasing by itself: measure a file's networks, and write the block that a results file takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from repaudit._core.errors import InputError
from repaudit._core.text import closest
from repaudit.audit.run import Measurement
from repaudit.check.options import CheckOptions
from repaudit.check.rerun import machine_for
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.files import Places, sha256_of
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.contract.task import AliasingTask, Unsupported, tasks_of
from repaudit.evidence.tables import AliasingRecords, Records
from repaudit.evidence.write import write_records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled

if TYPE_CHECKING:
    from repaudit.rerun.aliasing.rescale import Demonstration

METRICS: tuple[Literal["am", "am_relative", "alias_energy", "alias_db"], ...] = (
    "am",
    "am_relative",
    "alias_energy",
    "alias_db",
)
NAME = "aliasing"
"""of an evaluation that the file does not have"""


@dataclass(frozen=True)
class Wanted:
    """What to measure; None = what the file has, when it has one."""

    evaluation: str | None = None
    model: str | None = None
    data: str | None = None
    pipeline: str | None = None
    nyquist: Literal["zero", "one_sided", "both"] = "zero"
    window: Literal["none", "hann"] = "none"
    float64: bool = False
    """in double precision, whatever the model declares"""


@dataclass(frozen=True)
class Measured:
    """One evaluation, measured."""

    name: str
    results: Results
    """the file, with this evaluation in it"""
    measurements: list[Measurement]
    records: Records


def measure_aliasing(path: Path, wanted: Wanted, options: CheckOptions) -> list[Measured]:
    """Measure the aliasing evaluations of a file, or one of networks and data that it names.

    Raises ``ContractError`` for a broken file and ``InputError`` for what cannot be measured.
    """
    results, document = load_results(path)
    results, names = _evaluations(results, wanted, path)
    tasks: Mapping[str, Any] = {name: _tasks(results, name, path) for name in names}
    study = machine_for(document, "", options).run(tasks, bytes(32))
    for name, reason in study.reasons.items():
        raise InputError(f"{path}: /evaluations/{name}", "an evaluation to measure", reason)
    return [
        Measured(
            name,
            results,
            [m for m in study.measurements if m.evaluation == name],
            study.records[name],
        )
        for name in names
    ]


def demonstrate_rescaling(path: Path, wanted: Wanted, options: CheckOptions) -> "Demonstration":
    """Rescale a layer of the first network without changing its function, and measure both."""
    results, document = load_results(path)
    results, names = _evaluations(results, wanted, path)
    task = _tasks(results, names[0], path)[0]
    machine = machine_for(document, "", options)  # says first when torch is not there
    from repaudit.rerun.aliasing.rescale import demonstrate

    places = Places(document.path.parent, options.roots)
    try:
        return demonstrate(task, places, machine.engine.settings)
    except Unsupported as reason:
        where = f"{path}: /models/{results.evaluations[names[0]].model}"  # type: ignore[union-attr]
        raise InputError(where, "a layer to rescale", str(reason)) from None


def _evaluations(results: Results, wanted: Wanted, path: Path) -> tuple[Results, list[str]]:
    """Return the file with the evaluations to measure, and their names."""
    if wanted.evaluation is not None:
        names = [_known(wanted.evaluation, _declared(results), "--evaluation", path)]
        return _precise(results, names, wanted), names
    named = (wanted.model, wanted.data, wanted.pipeline)
    if not any(named) and (names := _declared(results)):
        return _precise(results, names, wanted), names
    made = Aliasing(
        kind="aliasing",
        data=_one(wanted.data, results.data, "--data", path),
        model=_one(wanted.model, results.models, "--model", path),
        pipeline=_one(wanted.pipeline, results.pipelines, "--pipeline", path),
        nyquist=wanted.nyquist,
        window=wanted.window,
        claims=[],
    )
    evaluations = {**results.evaluations, NAME: made}
    return _precise(results.model_copy(update={"evaluations": evaluations}), [NAME], wanted), [NAME]


def _declared(results: Results) -> list[str]:
    return [name for name, e in results.evaluations.items() if isinstance(e, Aliasing)]


def _known(name: str, choices: Sequence[str], option: str, path: Path) -> str:
    if name not in choices:
        near = closest(name, list(choices))
        expected = f"one of {', '.join(choices)}" if choices else f"a name that {path} has"
        raise InputError(option, expected, name, f"{option} {near}" if near else None)
    return name


def _one(given: str | None, choices: Mapping[str, Any], option: str, path: Path) -> str:
    """Return the name that was given, or the only one there is."""
    if given is not None:
        return _known(given, list(choices), option, path)
    if len(choices) != 1:
        expected = f"one of {', '.join(choices)}" if choices else "a file that names one"
        raise InputError(option, expected, "none")
    return next(iter(choices))


def _precise(results: Results, names: Sequence[str], wanted: Wanted) -> Results:
    """Return the file with its networks in double precision, when that was asked for."""
    if not wanted.float64:
        return results
    models = {
        name: model.model_copy(update={"dtype": "float64"})
        for name, model in results.models.items()
    }
    return results.model_copy(update={"models": models})


def _tasks(results: Results, name: str, path: Path) -> list[AliasingTask]:
    try:
        return [task for task in tasks_of(results, name) if isinstance(task, AliasingTask)]
    except (UnstatedError, Unsupported, KeyError) as reason:
        raise InputError(
            f"{path}: /evaluations/{name}", "an evaluation to measure", str(reason)
        ) from None


def block_of(measured: Measured, evidence: Path | None) -> dict[str, Any]:
    """Return an evaluation with everything measured as its claims, as a results file holds it.

    ``evidence`` is the released sums' file, beside the results file.
    """
    evaluation = measured.results.evaluations[measured.name]
    claims = [
        claim.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        for claim in _claims(measured)
    ]
    block = evaluation.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    block = {"kind": block.pop("kind"), **block, "claims": claims}
    if evidence is not None:
        file = {"path": evidence.name, "sha256": sha256_of(evidence), "format": "records"}
        block |= {"evidence": [file]}
    return block


def _claims(measured: Measured) -> list[Claim]:
    """Return a claim for every number that exists."""
    context = context_of(measured.results, measured.name)
    several = len(measured.measurements) > 1
    found = []
    for measurement in measured.measurements:
        run = {"checkpoint": measurement.checkpoint} if several else {}
        layers = [x.layer for x in measurement.layers if x.status == "measured"]
        for layer in layers:
            for metric in METRICS:
                claim = Claim.model_validate({"metric": metric, "layer": layer, **run})
                try:
                    found.append(filled(claim, estimate(claim, context, measured.records)))
                except CannotEstimate:
                    continue  # undefined: nothing folds, or every map is 0
    return found


def refuse_elsewhere(output: Path, document: Path) -> None:
    """Raise ``InputError`` for another folder than the results file's: paths would be wrong."""
    if output.resolve().parent != document.resolve().parent:
        expected = f"a file in the folder of {document.name}"
        raise InputError("--output", expected, str(output.parent), str(document.parent / "…"))


def write_evidence(measured: Measured, path: Path) -> dict[str, Any]:
    """Write the sums beside the block that is to lie at ``path``, and return the block."""
    assert isinstance(measured.records, AliasingRecords)
    evidence = path.with_suffix(".csv")
    write_records(measured.records, evidence)
    return block_of(measured, evidence)
