"""How far a long run is, as it is told to whoever waits for it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One evaluation on its way. Forwards are of the evaluation alone."""

    evaluation: str
    doing: str = ""
    """what is being done: which run, how many examples; of one that is over: how it ended"""
    done: int = 0
    """forwards so far, those of a journal included"""
    total: int = 0
    """forwards in the end; of a sample the expected number, which may be wrong"""
    kept: int = 0
    """of those done: found in the journal, not made by this run"""
    is_over: bool = False


Progress = Callable[[Step], None]
"""told of every evaluation beforehand, with nothing done, then of each step, then of its end"""


def silent(step: Step) -> None:
    """Show no progress."""
