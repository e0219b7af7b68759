"""A finding: one hit of one rule, with what it rests on."""

from enum import StrEnum

from repaudit.audit.base import Said


class Severity(StrEnum):
    """How bad it is if it is so."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Certainty(StrEnum):
    """How sure it is that it is so."""

    PROVED = "proved"
    LIKELY = "likely"
    HINT = "hint"


class Finding(Said):
    """One hit."""

    code: str
    """RA and three digits"""
    name: str
    """the rule's public name, readable as "allow <name>\""""
    severity: Severity
    certainty: Certainty
    pointer: str
    """JSON pointer into the results file"""
    message: str
    evidence: dict[str, str | int | float | bool | None] = {}
    """the numbers behind the message"""
    line: int | None = None
    """1-based line in the results file"""
    column: int | None = None
    """1-based column in the results file"""
    suppressed: str | None = None
    """the author's reason, when the file suppresses this finding"""
    accepted: str | None = None
    """the gate-keeper's reason, when a baseline accepts this finding; it is no less true"""


NOT_SELECTED = "not selected"
"""Why a rule did not run that ``--select`` or ``--ignore`` left out."""


class Rule(Said):
    """A rule of this audit, also when it did not fire."""

    code: str
    name: str
    title: str
    """first line of the rule's page"""
    severity: Severity
    skipped: str | None = None
    """why it did not run; null when it ran"""
