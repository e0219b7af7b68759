"""A seal: one question whether a committed audit belongs to the file beside it."""

from typing import Literal

from repaudit.audit.base import Said


class Seal(Said):
    """What was asked, and the answer."""

    what: str
    """what holds if it is unbroken"""
    status: Literal["passed", "failed", "not_checked"]
    reason: str
    """the evidence for it, or why it could not be looked at"""


def sealed(what: str, holds: bool, reason: str, broken: str | None = None) -> Seal:
    """Return a seal that was looked at; ``broken`` is the reason when it does not hold."""
    if holds:
        return Seal(what=what, status="passed", reason=reason)
    return Seal(what=what, status="failed", reason=reason if broken is None else broken)
