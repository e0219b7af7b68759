"""The runs that a claim speaks of: one checkpoint, one run, or several put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Across, Claim
from repaudit.evidence.join import concatenate, examples_in, runs_of, select
from repaudit.evidence.tables import Records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context


@dataclass(frozen=True)
class Runs:
    """The records of a claim."""

    parts: tuple[Records, ...]
    """one per run; a single one when they are pooled"""
    across: Across | None
    """how the numbers of the parts are combined; None = one part"""


def runs_for(claim: Claim, context: Context, records: Records) -> Runs:
    """Return the records that a claim speaks of, run by run.

    Every declared run must be there with all its examples: a share of the examples that happen
    to be released is no share of N. Raises ``CannotEstimate`` otherwise.
    """
    if claim.checkpoint is not None:
        records = select(records, checkpoint=claim.checkpoint)
    parts = runs_of(records)
    expected = context.repeats if claim.checkpoint is not None else context.runs
    if len(parts) != expected:
        raise CannotEstimate(f"the records hold {len(parts)} of {expected} runs")
    for part in parts:
        _check_complete(part, context)
    if expected == 1:
        return Runs(parts, None)
    if claim.across is None or claim.across == "unstated":
        raise UnstatedError("across")
    if claim.across == "pooled":
        return Runs((concatenate(parts),), None)
    return Runs(parts, claim.across)


def combined(values: Sequence[float], across: Across | None) -> float:
    """Return one number from those of the runs; ``pooled`` and None have a single one."""
    match across:
        case "mean":
            return float(np.mean(values))
        case "median":
            return float(np.median(values))
        case "min":
            return min(values)
        case "max":
            return max(values)
    (only,) = values
    return only


def _check_complete(part: Records, context: Context) -> None:
    checkpoints = getattr(part, "checkpoint", None)
    checkpoint = None if checkpoints is None else str(checkpoints[0])
    declared = context.examples_of(checkpoint)
    found = examples_in(part)
    if declared is not None and found != declared:
        raise CannotEstimate(f"the records hold {found} of {declared} examples")
