"""Which claims a selector means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Empirical, Evaluation
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.select import Select

_OF_EVALUATION = ("kind", "data", "model", "contract", "sampling", "defence", "sigma")
_OF_CLAIM = (
    "metric",
    "statistic",
    "population",
    "classifier",
    "at_radius",
    "at_snr_db",
    "layer",
)


@dataclass(frozen=True)
class Matched:
    """A claim where it stands."""

    evaluation_id: str
    evaluation: Evaluation
    index: int
    """0-based, among the evaluation's claims"""
    claim: Claim

    @property
    def pointer(self) -> str:
        """JSON pointer of the claim."""
        return pointer_of(["evaluations", self.evaluation_id, "claims", self.index])


def matches(select: Select, evaluation_id: str, evaluation: Evaluation, claim: Claim) -> bool:
    """Whether a claim is one that the selector means.

    Every given field has to agree, a list with any of its values; numbers agree by value. A field
    that the evaluation or the claim does not have, or leaves ``"unstated"``, agrees with nothing.
    A claim for one checkpoint is meant only when the selector names that checkpoint.
    """
    named = claim.checkpoint is None or select.checkpoint is not None
    return named and _means(select, evaluation_id, evaluation, claim)


def _means(select: Select, evaluation_id: str, evaluation: Evaluation, claim: Claim) -> bool:
    """Whether every field that the selector gives agrees."""
    return (
        _agrees(select.evaluation, evaluation_id)
        and all(_agrees(getattr(select, f), getattr(evaluation, f, None)) for f in _OF_EVALUATION)
        and _agrees_with_attacks(select, evaluation)
        and all(_agrees(getattr(select, f), getattr(claim, f)) for f in _OF_CLAIM)
        and _agrees(select.checkpoint, claim.checkpoint)
    )


def matching_claims(results: Results, *selects: Select | None) -> Iterator[Matched]:
    """Yield the claims that all selectors mean, in the order of the file; None means any.

    A claim for one checkpoint is meant when any one of the selectors names that checkpoint: a
    table's row may name it for all its columns. Without a selector every claim is meant.
    """
    wanted = [select for select in selects if select is not None]
    for name, evaluation in results.evaluations.items():
        for index, claim in enumerate(evaluation.claims):
            named = claim.checkpoint is None or any(s.checkpoint for s in wanted) or not wanted
            if named and all(_means(select, name, evaluation, claim) for select in wanted):
                yield Matched(name, evaluation, index, claim)


def _agrees(wanted: Any, found: Any) -> bool:
    if wanted is None:
        return True
    return found in wanted if isinstance(wanted, list) else found == wanted


def _agrees_with_attacks(select: Select, evaluation: Evaluation) -> bool:
    if select.attack is None and select.epsilon is None:
        return True
    if not isinstance(evaluation, Empirical):
        return False
    epsilon = evaluation.threat_model.epsilon if evaluation.threat_model else None
    attacks = select.attack is None or any(_agrees(select.attack, a) for a in evaluation.attacks)
    return attacks and _agrees(select.epsilon, epsilon)
