"""Who attacked a defence: attacks that saw it, and attacks that did not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.contract.attack import Attack
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Empirical
from repaudit.contract.results import Results

TRANSFER = {"base", "surrogate"}
"""Targets of an attack that cannot have seen a defence."""


@dataclass(frozen=True)
class Attacked:
    """A defence of one network with every attack on it."""

    defence: str
    model: str
    attacks: dict[str, Attack]
    """by name, over all evaluations of this defence on this network"""
    is_claimed: bool
    """whether a number of the defended network under attack is claimed"""


def attacked_defences(results: Results) -> Iterator[Attacked]:
    """Yield every defence that was evaluated under attack, per network."""
    found: defaultdict[tuple[str, str], list[Empirical]] = defaultdict(list)
    for evaluation in results.evaluations.values():
        if isinstance(evaluation, Empirical) and evaluation.defence and evaluation.attacks:
            found[evaluation.defence, evaluation.model].append(evaluation)
    for (defence, model), evaluations in found.items():
        names = {name: results.attacks[name] for e in evaluations for name in e.attacks}
        yield Attacked(defence, model, names, any(map(claims_a_defence, evaluations)))


def claims_a_defence(evaluation: Empirical) -> bool:
    """Whether an evaluation prints how the defended network fares under attack."""
    return any(map(_is_of_defence, evaluation.claims))


def _is_of_defence(claim: Claim) -> bool:
    is_accuracy = claim.metric in ("attacked_accuracy", "attack_success_rate")
    return claim.metric == "defence_rate" or (is_accuracy and claim.classifier == "defended")
