"""The runs behind a claim, with what tells them apart: network, seed, fold, repeat."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from repaudit.contract.matching import Matched
from repaudit.contract.model import Checkpoint
from repaudit.contract.results import Results
from repaudit.rules._walk import checkpoints_of


@dataclass(frozen=True)
class Run:
    """One network evaluated once."""

    checkpoint: Checkpoint
    repeat: int
    examples: int


def runs_behind(results: Results, placed: Matched) -> list[Run] | None:
    """Return the runs a claim speaks of; ``None`` when their number or a size is not known.

    A network that is tested on one fold has that fold's examples. What a geometry evaluation
    measures has no network, so no runs.
    """
    evaluation = placed.evaluation
    data = results.data[evaluation.data]
    used = checkpoints_of(results, evaluation)
    if placed.claim.checkpoint is not None:
        used = [checkpoint for checkpoint in used if checkpoint.id == placed.claim.checkpoint]
    if evaluation.repeats == "unstated" or not used:
        return None
    runs = []
    for checkpoint in used:
        fold = checkpoint.test_fold
        size = data.examples if fold is None else (data.folds or {}).get(fold)
        if size is None or size == "unstated":
            return None
        runs += [Run(checkpoint, i, size) for i in range(evaluation.repeats or 1)]
    return runs


def groups_of(runs: list[Run], over: str) -> list[list[Run]] | None:
    """Return the runs in the groups that a dispersion is over; ``None`` where they are not known.

    A seed that a transcription does not know is one of its own as long as no folds tell the
    networks apart otherwise.
    """
    if over == "seeds" and _confuses(runs):
        return None
    groups: defaultdict[Hashable, list[Run]] = defaultdict(list)
    for i, run in enumerate(runs):
        seed = run.checkpoint.seed
        keys: dict[str, Hashable] = {
            "runs": i,
            "repeats": run.repeat,
            "folds": run.checkpoint.test_fold,
            "seeds": run.checkpoint.id if seed is None else seed,
        }
        groups[keys.get(over)].append(run)
    return list(groups.values()) if over in ("runs", "repeats", "folds", "seeds") else None


def _confuses(runs: list[Run]) -> bool:
    """Whether an unknown seed may be that of another network of these."""
    has_folds = any(run.checkpoint.test_fold is not None for run in runs)
    return has_folds and any(run.checkpoint.seed is None for run in runs)
