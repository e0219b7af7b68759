"""A task: one evaluation with everything it refers to resolved, and without its claims.

This is all that a re-run gets to see, so no claimed number can steer it.
"""

from dataclasses import dataclass

from repaudit.contract.base import UnstatedError, stated
from repaudit.contract.contract import Contract
from repaudit.contract.data import Data
from repaudit.contract.evaluation import Certification, Empirical, Evaluation, Geometry
from repaudit.contract.model import Checkpoint, Model
from repaudit.contract.results import Results
from repaudit.contract.steps import Step


@dataclass(frozen=True)
class CertificationTask:
    """Certify ``data`` under ``contract`` with one checkpoint."""

    evaluation: str
    data: Data
    pipeline: tuple[Step, ...]
    contract: Contract
    model: Model
    checkpoint: Checkpoint
    sigma: float
    """standard deviation of the noise, coordinates after the contract's location"""
    n0: int
    """selection draws"""
    n: int
    """certification draws"""
    alpha: float
    """failure probability per example"""
    repeat: int
    """0-based"""
    only: frozenset[str] | None = None
    """the example ids that are certified; None = all of them"""


@dataclass(frozen=True)
class GeometryTask:
    """Measure what T does to the noise."""

    evaluation: str
    data: Data
    pipeline: tuple[Step, ...]
    contract: Contract
    sigma: float
    draws: int
    """noise draws per example"""
    repeat: int
    """0-based"""


@dataclass(frozen=True)
class CleanTask:
    """Classify the unperturbed examples (an empirical evaluation without attack or defence)."""

    evaluation: str
    data: Data
    pipeline: tuple[Step, ...]
    model: Model
    checkpoint: Checkpoint


Task = CertificationTask | GeometryTask | CleanTask


class Unsupported(ValueError):
    """An evaluation that this version cannot re-run; the text is the reason."""


def tasks_of(results: Results, evaluation: str) -> list[Task]:
    """Return the tasks of one evaluation: checkpoints x repeats.

    Raises ``UnstatedError`` when a setting that moves the numbers is unstated, and
    ``Unsupported`` when the evaluation is of a kind that cannot be re-run.
    """
    declared = results.evaluations[evaluation]
    if isinstance(declared, Certification):
        return _certification(results, evaluation, declared)
    if isinstance(declared, Geometry):
        return _geometry(results, evaluation, declared)
    if isinstance(declared, Empirical) and not declared.attacks and declared.defence is None:
        return _clean(results, evaluation, declared)
    what = "attacks and defences" if isinstance(declared, Empirical) else f"{declared.kind}"
    raise Unsupported(f"{what} cannot be re-run by this version")


def tasks_or_reasons(results: Results) -> dict[str, list[Task] | str]:
    """Return the tasks of every evaluation, or why it has none that can be re-run."""
    found: dict[str, list[Task] | str] = {}
    for name in results.evaluations:
        try:
            found[name] = tasks_of(results, name)
        except (UnstatedError, Unsupported) as reason:
            found[name] = str(reason)
    return found


def _repeats(declared: Evaluation) -> int:
    return 1 if declared.repeats is None else stated(declared.repeats, "repeats")


def checkpoints_of(results: Results, evaluation: str) -> list[Checkpoint]:
    """Return the trained networks of one evaluation, in the model's order; geometry has none."""
    declared = results.evaluations[evaluation]
    if isinstance(declared, Geometry):
        return []
    chosen, model = declared.checkpoints, results.models[declared.model]
    return [c for c in model.checkpoints if chosen is None or c.id in chosen]


def _certification(results: Results, name: str, declared: Certification) -> list[Task]:
    contract = results.contracts[declared.contract]
    sampling = results.sampling[declared.sampling]
    if stated(sampling.bound, "bound") != "clopper_pearson_one_sided":
        raise Unsupported(f"the bound {sampling.bound} cannot be re-run by this version")
    if stated(sampling.selection, "selection") != "independent":
        raise Unsupported("selection draws reused for certification void the bound")
    n0 = stated(sampling.n0, "n0")
    if n0 < 1:
        raise Unsupported("without a selection draw no class is selected")
    if declared.sigma.value <= 0:
        raise Unsupported("without noise there is nothing to certify")
    model = results.models[declared.model]
    return [
        CertificationTask(
            evaluation=name,
            data=results.data[declared.data],
            pipeline=tuple(results.pipelines[contract.pipeline]),
            contract=contract,
            model=model,
            checkpoint=checkpoint,
            sigma=float(declared.sigma),
            n0=n0,
            n=stated(sampling.n, "n"),
            alpha=float(stated(sampling.alpha, "alpha")),
            repeat=repeat,
        )
        for checkpoint in checkpoints_of(results, name)
        for repeat in range(_repeats(declared))
    ]


def _geometry(results: Results, name: str, declared: Geometry) -> list[Task]:
    contract = results.contracts[declared.contract]
    if declared.sigma.value <= 0:
        raise Unsupported("without noise there is no geometry")
    return [
        GeometryTask(
            evaluation=name,
            data=results.data[declared.data],
            pipeline=tuple(results.pipelines[contract.pipeline]),
            contract=contract,
            sigma=float(declared.sigma),
            draws=stated(declared.draws, "draws"),
            repeat=repeat,
        )
        for repeat in range(_repeats(declared))
    ]


def _clean(results: Results, name: str, declared: Empirical) -> list[Task]:
    model = results.models[declared.model]
    return [
        CleanTask(
            evaluation=name,
            data=results.data[declared.data],
            pipeline=tuple(results.pipelines[declared.pipeline]),
            model=model,
            checkpoint=checkpoint,
        )
        for checkpoint in checkpoints_of(results, name)
    ]
