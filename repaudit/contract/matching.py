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
    "checkpoint",
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
    asked = _Asked.by(select)
    return named and asked.means_evaluation(evaluation_id, evaluation) and asked.means_claim(claim)


@dataclass(frozen=True)
class _Asked:
    """The fields that a selector gives, taken out of it once for all claims."""

    select: Select
    of_evaluation: tuple[tuple[str, Any], ...]
    of_claim: tuple[tuple[str, Any], ...]

    @classmethod
    def by(cls, select: Select) -> _Asked:
        return cls(select, _given(select, _OF_EVALUATION), _given(select, _OF_CLAIM))

    def means_evaluation(self, evaluation_id: str, evaluation: Evaluation) -> bool:
        return (
            _agrees(self.select.evaluation, evaluation_id)
            and all(_agrees(value, getattr(evaluation, f, None)) for f, value in self.of_evaluation)
            and _agrees_with_attacks(self.select, evaluation)
        )

    def means_claim(self, claim: Claim) -> bool:
        return all(_agrees(value, getattr(claim, f)) for f, value in self.of_claim)


def _given(select: Select, fields: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    given = ((field, getattr(select, field)) for field in fields)
    return tuple((field, value) for field, value in given if value is not None)


def matching_claims(results: Results, *selects: Select | None) -> Iterator[Matched]:
    """Yield the claims that all selectors mean, in the order of the file; None means any.

    A claim for one checkpoint is meant when any one of the selectors names that checkpoint: a
    table's row may name it for all its columns. Without a selector every claim is meant.
    """
    wanted = [_Asked.by(select) for select in selects if select is not None]
    is_checkpoint_named = not wanted or any(asked.select.checkpoint for asked in wanted)
    for name, evaluation in results.evaluations.items():
        if not all(asked.means_evaluation(name, evaluation) for asked in wanted):
            continue
        for index, claim in enumerate(evaluation.claims):
            named = claim.checkpoint is None or is_checkpoint_named
            if named and all(asked.means_claim(claim) for asked in wanted):
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
