"""What the numbers of one evaluation depend on, without any claimed number."""

from collections.abc import Mapping
from dataclasses import dataclass

from repaudit.contract.base import UnstatedError, stated
from repaudit.contract.coordinates import split_at, unit_of
from repaudit.contract.evaluation import Certification, Empirical, Evaluation, Geometry
from repaudit.contract.results import Results
from repaudit.contract.sampling import Sampling
from repaudit.contract.task import checkpoints_of
from repaudit.evidence.columns import Kind
from repaudit.statistics.predictive import Protocol


@dataclass(frozen=True)
class Attacks:
    """What the attacks of an evaluation saw, and what of it is drawn anew in every run."""

    sees_defence: bool
    """whether any attack saw the defended classifier; a panel that did is a worst case"""
    is_random: bool
    """whether what happens to the bare network differs from run to run"""
    shares_directions: bool
    """whether all examples of a run meet the same random directions"""


@dataclass(frozen=True)
class Context:
    """One evaluation, resolved."""

    kind: Kind
    examples: int | None
    """N of the data, all folds together; None = unstated"""
    fold_sizes: Mapping[str, int]
    """examples of the checkpoints that are tested on one fold"""
    checkpoints: tuple[str, ...]
    """empty for geometry"""
    repeats: int
    sigma: float | None
    """std of the noise, coordinates after the location; None without noise"""
    protocol: Protocol | str | None
    """n0, n, alpha of a certification; text = why they are not usable"""
    draws: int | None
    """noise draws per example of a geometry; None = unstated or another kind"""
    unit: str
    """of the noise's coordinates, in words; of the attacked ones, where there are attacks"""
    attacks: Attacks | None = None
    """None without attack and defence"""

    @property
    def runs(self) -> int:
        """Checkpoints x repeats."""
        return max(len(self.checkpoints), 1) * self.repeats

    def examples_of(self, checkpoint: str | None) -> int | None:
        """Return how many examples one run of a checkpoint covers; None = unstated."""
        return self.fold_sizes.get(checkpoint or "", self.examples)


def context_of(results: Results, evaluation: str) -> Context:
    """Return what the numbers of one evaluation depend on.

    Raises ``UnstatedError`` when the number of repeats is unstated.
    """
    declared = results.evaluations[evaluation]
    data = results.data[declared.data]
    sizes = data.folds or {}
    checkpoints = checkpoints_of(results, evaluation)
    return Context(
        kind=declared.kind,
        examples=None if data.examples == "unstated" else data.examples,
        fold_sizes={c.id: sizes[c.test_fold] for c in checkpoints if c.test_fold in sizes},
        checkpoints=tuple(c.id for c in checkpoints),
        repeats=1 if declared.repeats is None else stated(declared.repeats, "repeats"),
        sigma=float(declared.sigma) if isinstance(declared, Certification | Geometry) else None,
        protocol=_protocol(results, declared),
        draws=_draws(declared),
        unit=_unit(results, declared),
        attacks=_attacks(results, declared),
    )


def _attacks(results: Results, declared: Evaluation) -> Attacks | None:
    if not isinstance(declared, Empirical) or not (declared.attacks or declared.defence):
        return None
    panel = [results.attacks[name] for name in declared.attacks]
    defence = None if declared.defence is None else results.defences[declared.defence]
    return Attacks(
        sees_defence=any(attack.target not in ("base", "surrogate") for attack in panel),
        is_random=any(attack.is_random for attack in panel),
        shares_directions=defence is not None and defence.randomness == "fixed",
    )


def _draws(declared: Evaluation) -> int | None:
    if not isinstance(declared, Geometry) or declared.draws == "unstated":
        return None
    return declared.draws


def _unit(results: Results, declared: Evaluation) -> str:
    if isinstance(declared, Empirical) and declared.threat_model is not None:
        where = declared.threat_model.location
        if where == "unstated":
            return ""
        before, _ = split_at(results.pipelines[declared.pipeline], where)
        return unit_of(results.data[declared.data], before)
    if not isinstance(declared, Certification | Geometry):
        return ""
    contract = results.contracts[declared.contract]
    rho, _ = split_at(results.pipelines[contract.pipeline], contract.perturbation.location)
    return unit_of(results.data[declared.data], rho)


def _protocol(results: Results, declared: Evaluation) -> Protocol | str | None:
    if not isinstance(declared, Certification):
        return None
    sampling: Sampling = results.sampling[declared.sampling]
    try:
        if stated(sampling.bound, "bound") != "clopper_pearson_one_sided":
            return f"the bound {sampling.bound} is not computed by this version"
        if stated(sampling.selection, "selection") != "independent":
            return "selection draws reused for certification void the bound"
        n0, n = stated(sampling.n0, "n0"), stated(sampling.n, "n")
        return Protocol(n0, n, float(stated(sampling.alpha, "alpha")))
    except UnstatedError as error:
        return str(error)
    except ValueError as error:
        return f"n0, n and alpha define no certificate ({error})"
