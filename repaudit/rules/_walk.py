"""The claims of a results file, and what an evaluation runs."""

from collections.abc import Iterator

from repaudit.contract.contract import Contract
from repaudit.contract.evaluation import Certification, Evaluation, Geometry
from repaudit.contract.matching import Matched
from repaudit.contract.model import Checkpoint
from repaudit.contract.results import Results


def every_claim(results: Results) -> Iterator[Matched]:
    """Yield every claim of the file in its order, those of one checkpoint too."""
    for name, evaluation in results.evaluations.items():
        for index, claim in enumerate(evaluation.claims):
            yield Matched(name, evaluation, index, claim)


def checkpoints_of(results: Results, evaluation: Evaluation) -> list[Checkpoint]:
    """Return the networks an evaluation runs; none for geometry or an unknown model."""
    if isinstance(evaluation, Geometry) or evaluation.model not in results.models:
        return []
    chosen = evaluation.checkpoints
    trained = results.models[evaluation.model].checkpoints
    return [c for c in trained if chosen is None or c.id in chosen]


def repeats_of(evaluation: Evaluation) -> int:
    """Return how often an evaluation was repeated; 1 when unsaid."""
    repeats = evaluation.repeats
    return repeats if isinstance(repeats, int) else 1


def used_contracts(results: Results) -> Iterator[tuple[str, Certification | Geometry, Contract]]:
    """Yield every evaluation under a contract: its id, itself, its contract."""
    for name, evaluation in results.evaluations.items():
        if isinstance(evaluation, Certification | Geometry):
            yield name, evaluation, results.contracts[evaluation.contract]
