"""What a gate-keeper accepted, and what became of it in this audit."""

from typing import Literal

from repaudit.audit.base import Said


class Accepted(Said):
    """One entry of a baseline."""

    code: str
    """code of a rule, or a verdict"""
    pointer: str
    """JSON pointer into the results file"""
    reason: str
    expires: str
    """the last day on which it counts, ISO 8601"""
    sha256: str | None = None
    """of the only results file that it is meant for; null: of any"""
    status: Literal["used", "expired", "other_file", "unused"]
    """whether it set something aside; an unused one can be deleted"""


class Baseline(Said):
    """A file of accepted findings and verdicts, as it was applied."""

    path: str
    """as given on the command line"""
    sha256: str
    entries: list[Accepted]
