"""Every reference of a results file: where it stands, what it names, what there is to name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import get_args

from repaudit.contract.claim import Metric
from repaudit.contract.coordinates import locations
from repaudit.contract.evaluation import Aliasing, Certification, Empirical, Evaluation, Geometry
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.steps import Embedding, Step
from repaudit.rules._selects import options, selects_of
from repaudit.rules._walk import checkpoints_of

KINDS = ("certification", "geometry", "empirical", "aliasing")
METRICS: tuple[str, ...] = get_args(Metric)


@dataclass(frozen=True)
class Reference:
    """One name that must be known."""

    pointer: str
    found: str
    what: str
    """what it is the name of, in words"""
    known: Collection[str]


def references(results: Results) -> Iterator[Reference]:
    """Yield every reference by name; unstated ones name nothing."""
    yield from _of_contracts(results)
    yield from _of_steps(results)
    for name, attack in results.attacks.items():
        if attack.surrogate is not None:
            where = pointer_of(["attacks", name, "surrogate"])
            yield Reference(where, attack.surrogate, "a model", results.models)
    for name, evaluation in results.evaluations.items():
        base = pointer_of(["evaluations", name])
        yield Reference(f"{base}/data", evaluation.data, "a data set", results.data)
        yield from _of_evaluation(results, base, evaluation)
        yield from _of_checkpoints(results, base, evaluation)
    for pointer, select in selects_of(results):
        yield from _of_select(results, pointer, select)


def _of_contracts(results: Results) -> Iterator[Reference]:
    for name, contract in results.contracts.items():
        base = pointer_of(["contracts", name])
        yield Reference(f"{base}/pipeline", contract.pipeline, "a pipeline", results.pipelines)
        if contract.pipeline in results.pipelines:
            known = locations(results.pipelines[contract.pipeline])
            where = f"{base}/perturbation/location"
            yield Reference(where, contract.perturbation.location, "a location", known)


def _of_steps(results: Results) -> Iterator[Reference]:
    lists: list[tuple[list[str], list[Step]]] = [
        *((["pipelines", name], steps) for name, steps in results.pipelines.items()),
        *((["contracts", n, "transform"], c.transform) for n, c in results.contracts.items()),
    ]
    for path, steps in lists:
        for i, step in enumerate(steps):
            if isinstance(step, Embedding) and step.model != "unstated":
                yield Reference(
                    pointer_of([*path, i, "model"]), step.model, "a model", results.models
                )


def _of_evaluation(results: Results, base: str, evaluation: Evaluation) -> Iterator[Reference]:
    if not isinstance(evaluation, Geometry):
        yield Reference(f"{base}/model", evaluation.model, "a model", results.models)
    if isinstance(evaluation, Certification | Geometry):
        yield Reference(f"{base}/contract", evaluation.contract, "a contract", results.contracts)
    if isinstance(evaluation, Empirical | Aliasing):
        yield Reference(f"{base}/pipeline", evaluation.pipeline, "a pipeline", results.pipelines)
    if isinstance(evaluation, Certification):
        yield Reference(f"{base}/sampling", evaluation.sampling, "a sampling", results.sampling)
    if isinstance(evaluation, Empirical):
        yield from _of_attacked(results, base, evaluation)


def _of_attacked(results: Results, base: str, evaluation: Empirical) -> Iterator[Reference]:
    for i, attack in enumerate(evaluation.attacks):
        yield Reference(f"{base}/attacks/{i}", attack, "an attack", results.attacks)
    steps = results.pipelines.get(evaluation.pipeline)
    known = [] if steps is None else locations(steps)
    model = evaluation.threat_model
    if model is not None and model.location != "unstated" and known:
        yield Reference(f"{base}/threat_model/location", model.location, "a location", known)
    if evaluation.defence is None:
        return
    yield Reference(f"{base}/defence", evaluation.defence, "a defence", results.defences)
    defence = results.defences.get(evaluation.defence)
    if defence is not None and defence.location != "unstated" and known:
        where = pointer_of(["defences", evaluation.defence, "location"])
        yield Reference(where, defence.location, "a location", known)


def _of_checkpoints(results: Results, base: str, evaluation: Evaluation) -> Iterator[Reference]:
    used = checkpoints_of(results, evaluation)
    run = {checkpoint.id for checkpoint in used}
    if not isinstance(evaluation, Geometry) and evaluation.model in results.models:
        trained = {c.id for c in results.models[evaluation.model].checkpoints}
        for i, name in enumerate(evaluation.checkpoints or []):
            yield Reference(f"{base}/checkpoints/{i}", name, "a checkpoint of the model", trained)
        yield from _of_folds(results, evaluation)
    what = "a checkpoint of the evaluation"
    for i, claim in enumerate(evaluation.claims):
        if claim.checkpoint is not None:
            yield Reference(f"{base}/claims/{i}/checkpoint", claim.checkpoint, what, run)
    for i, file in enumerate(evaluation.evidence):
        if file.checkpoint is not None:
            yield Reference(f"{base}/evidence/{i}/checkpoint", file.checkpoint, what, run)


def _of_folds(
    results: Results, evaluation: Certification | Empirical | Aliasing
) -> Iterator[Reference]:
    data = results.data.get(evaluation.data)
    # Folds that the results file does not count may still be a column of the manifest.
    if data is None or (data.folds is None and data.manifest is not None):
        return
    used = {checkpoint.id for checkpoint in checkpoints_of(results, evaluation)}
    for i, checkpoint in enumerate(results.models[evaluation.model].checkpoints):
        if checkpoint.id in used and checkpoint.test_fold is not None:
            where = pointer_of(["models", evaluation.model, "checkpoints", i, "test_fold"])
            known = data.folds or {}
            yield Reference(where, checkpoint.test_fold, "a fold of the data", known)


def _of_select(results: Results, base: str, select: Select) -> Iterator[Reference]:
    checkpoints = {c.id for model in results.models.values() for c in model.checkpoints}
    named: dict[str, tuple[str, Collection[str]]] = {
        "evaluation": ("an evaluation", results.evaluations),
        "kind": ("a kind of evaluation", KINDS),
        "data": ("a data set", results.data),
        "model": ("a model", results.models),
        "contract": ("a contract", results.contracts),
        "sampling": ("a sampling", results.sampling),
        "attack": ("an attack", results.attacks),
        "defence": ("a defence", results.defences),
        "metric": ("a metric", METRICS),
        "checkpoint": ("a checkpoint", checkpoints),
    }
    for field, (what, known) in named.items():
        value = getattr(select, field)
        for i, name in enumerate(options(value)):
            where = f"{base}/{field}/{i}" if isinstance(value, list) else f"{base}/{field}"
            if not (field == "metric" and str(name).startswith("x-")):
                yield Reference(where, str(name), what, known)
