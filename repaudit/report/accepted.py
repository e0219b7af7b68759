"""What a baseline accepts, one line each: what no longer counts, and what it holds in vain."""

from typing import Final

from repaudit.audit.audit import Audit

_WORDS: Final = {
    "used": "accepted until",
    "expired": "no longer accepted since",
    "other_file": "accepted in another results file, until",
    "unused": "accepted and not there, delete the entry; until",
}


def accepted_lines(audit: Audit) -> list[str]:
    """Return one line per entry of the baseline, in its order; none without a baseline."""
    entries = [] if audit.baseline is None else audit.baseline.entries
    return [
        f"Baseline  {entry.code} {entry.pointer}: {_WORDS[entry.status]} {entry.expires}: "
        f"{entry.reason}"
        for entry in entries
    ]
