"""The baseline: what a gate-keeper accepts for a time, read from a file that is not the author's.

A results file can suppress its own warnings and notes, never an error or a verdict: whoever is
audited does not decide. A baseline belongs to whoever runs the gate, and can accept both.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from repaudit._core.errors import InputError
from repaudit.audit.audit import Audit
from repaudit.contract.load import load_document

SCHEMA_ID: Final = "urn:repaudit:baseline:1"
VERDICTS: Final = ("overstated", "understated", "refuted", "inconclusive", "not_checked")
_TEXT: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_ENTRY: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "pattern": f"^(RA\\d{{3}}|{'|'.join(VERDICTS)})$"},
        "pointer": {"type": "string"},
        "reason": _TEXT,
        "expires": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "required": ["code", "pointer", "reason", "expires"],
    "additionalProperties": False,
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "$schema": {"const": SCHEMA_ID},
        "accepted": {"type": "array", "items": _ENTRY},
    },
    "required": ["$schema", "accepted"],
    "additionalProperties": False,
}
"""What a baseline may hold. Every entry has a reason and a day on which it stops to count."""


@dataclass(frozen=True)
class Entry:
    """One thing that is accepted."""

    code: str
    """code of a rule, or a verdict"""
    pointer: str
    """JSON pointer into the results file"""
    reason: str
    expires: date
    """the last day on which it counts"""
    sha256: str | None
    """of the only results file that it is meant for"""


@dataclass(frozen=True)
class BaselineFile:
    """A baseline as it was read."""

    path: Path
    sha256: str
    entries: tuple[Entry, ...]


def load_baseline(path: Path) -> BaselineFile:
    """Return the baseline in a file.

    Raises ``InputError`` when it cannot be read or names a day that no calendar has, and
    ``ContractError``, with every problem and its place, when it is not a baseline.
    """
    document = load_document(path, SCHEMA)
    entries = [_entry(path, i, entry) for i, entry in enumerate(document.value["accepted"])]
    return BaselineFile(path, document.sha256, tuple(entries))


def baseline_of(audit: Audit, reason: str, expires: date) -> dict[str, Any]:
    """Return a baseline that accepts everything in an audit that a gate may count.

    What is an error is accepted in this very results file alone: an edit of the file brings it
    back. Delete its ``sha256`` to accept it in any.
    """
    findings = [
        _accepting(f.code, f.pointer, audit if f.severity == "error" else None)
        for f in audit.findings
        if f.suppressed is None and f.severity != "note"
    ]
    verdicts = [
        _accepting(c.verdict, c.pointer, audit if c.verdict.severity == "error" else None)
        for c in audit.comparisons
        if c.verdict.severity is not None
    ]
    unique = {(e["code"], e["pointer"]): e for e in (*findings, *verdicts)}
    said = {"reason": reason, "expires": expires.isoformat()}
    return {"$schema": SCHEMA_ID, "accepted": [entry | said for entry in unique.values()]}


def _accepting(code: str, pointer: str, only_in: Audit | None) -> dict[str, str]:
    entry = {"code": str(code), "pointer": pointer}
    return entry if only_in is None else entry | {"sha256": only_in.subject.sha256}


def _entry(path: Path, index: int, entry: dict[str, Any]) -> Entry:
    try:
        expires = date.fromisoformat(entry["expires"])
    except ValueError:
        where = f"{path}: /accepted/{index}/expires"
        raise InputError(where, "a day such as 2027-03-31", repr(entry["expires"])) from None
    return Entry(entry["code"], entry["pointer"], entry["reason"], expires, entry.get("sha256"))
