"""A task: one evaluation with everything it refers to resolved, and without its claims.

This is all that a re-run gets to see, so no claimed number can steer it.
"""

from dataclasses import dataclass, replace
from typing import Literal

from repaudit.contract.attack import Attack, Defence, ThreatModel
from repaudit.contract.base import UnstatedError, stated
from repaudit.contract.contract import Contract
from repaudit.contract.data import Data
from repaudit.contract.evaluation import Aliasing, Certification, Empirical, Evaluation, Geometry
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


@dataclass(frozen=True)
class EmpiricalTask:
    """Attack the examples, predict them with a defence, or both."""

    evaluation: str
    data: Data
    pipeline: tuple[Step, ...]
    model: Model
    checkpoint: Checkpoint
    attacks: tuple[tuple[str, Attack], ...]
    """id and attack, in the order of the panel; () = clean"""
    threat: ThreatModel | None
    """what the attacks may do; None without attacks"""
    defence: Defence | None
    repeats: int
    """independent re-evaluations, the randomness of attacks and defence drawn anew in each"""


@dataclass(frozen=True)
class AliasingTask:
    """Measure how much folds wherever the grid gets coarser."""

    evaluation: str
    data: Data
    pipeline: tuple[Step, ...]
    model: Model
    checkpoint: Checkpoint
    nyquist: Literal["zero", "one_sided", "both"]
    window: Literal["none", "hann"]


Task = CertificationTask | GeometryTask | CleanTask | EmpiricalTask | AliasingTask


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
    if isinstance(declared, Empirical):
        is_clean = not declared.attacks and declared.defence is None
        make = _clean if is_clean else _empirical
        return make(results, evaluation, declared)
    return _aliasing(results, evaluation, declared)


def tasks_or_reasons(results: Results, least_repeats: int = 1) -> dict[str, list[Task] | str]:
    """Return the tasks of every evaluation, or why it has none that can be re-run.

    ``least_repeats`` of attacks and defences are made also where fewer are declared: how far
    their randomness spreads can only be seen in several.
    """
    found: dict[str, list[Task] | str] = {}
    for name in results.evaluations:
        try:
            found[name] = [_repeated(t, least_repeats) for t in tasks_of(results, name)]
        except (UnstatedError, Unsupported) as reason:
            found[name] = str(reason)
    return found


def _repeated(task: Task, least: int) -> Task:
    if not isinstance(task, EmpiricalTask):
        return task
    return replace(task, repeats=max(task.repeats, least))


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


def _empirical(results: Results, name: str, declared: Empirical) -> list[Task]:
    threat = declared.threat_model
    if declared.attacks:
        if threat is None:
            raise Unsupported("attacks without a threat model cannot be re-run")
        for field in ("norm", "epsilon", "location"):
            stated(getattr(threat, field), f"threat_model.{field}")
    model = results.models[declared.model]
    return [
        EmpiricalTask(
            evaluation=name,
            data=results.data[declared.data],
            pipeline=tuple(results.pipelines[declared.pipeline]),
            model=model,
            checkpoint=checkpoint,
            attacks=tuple((attack, results.attacks[attack]) for attack in declared.attacks),
            threat=threat,
            defence=None if declared.defence is None else results.defences[declared.defence],
            repeats=_repeats(declared),
        )
        for checkpoint in checkpoints_of(results, name)
    ]


def _aliasing(results: Results, name: str, declared: Aliasing) -> list[Task]:
    if _repeats(declared) > 1:
        raise Unsupported("aliasing has no randomness that a repeat could draw anew")
    model = results.models[declared.model]
    stated(model.dtype, "dtype")
    return [
        AliasingTask(
            evaluation=name,
            data=results.data[declared.data],
            pipeline=tuple(results.pipelines[declared.pipeline]),
            model=model,
            checkpoint=checkpoint,
            nyquist=stated(declared.nyquist, "nyquist"),
            window=declared.window or "none",
        )
        for checkpoint in checkpoints_of(results, name)
    ]
