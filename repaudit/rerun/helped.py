"""What other processes computed for this one, as a study sees it."""

from dataclasses import dataclass

from repaudit._core.errors import RepauditError


@dataclass(frozen=True)
class Helped:
    """What other processes of this very run put into the journal for a task."""

    shards: int = 0
    forwards: int = 0
    seconds: float = 0.0
    """the task's share of the wall time"""
    by: str = ""
    """who, in words"""


class CannotHelp(RepauditError):
    """Other processes cannot do their part: the run ends, and finished shards are kept."""
