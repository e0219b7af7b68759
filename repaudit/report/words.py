"""One word, one symbol and one tone for every outcome; colour never stands alone."""

from typing import Final, Literal, NamedTuple

from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity

Tone = Literal["good", "bad", "warn", "info", "quiet"]


class Mark(NamedTuple):
    """How an outcome is shown."""

    symbol: str
    word: str
    tone: Tone


VERDICTS: Final[dict[Verdict, Mark]] = {
    Verdict.REPRODUCED: Mark("✓", "reproduced", "good"),
    Verdict.OVERSTATED: Mark("▲", "overstated", "bad"),
    Verdict.UNDERSTATED: Mark("▼", "understated", "warn"),
    Verdict.REFUTED: Mark("✗", "refuted", "bad"),
    Verdict.INCONCLUSIVE: Mark("?", "inconclusive", "info"),
    Verdict.NOT_CHECKED: Mark("○", "not checked", "quiet"),
}

SEVERITIES: Final[dict[Severity, Mark]] = {
    Severity.ERROR: Mark("✗", "error", "bad"),
    Severity.WARNING: Mark("▲", "warning", "warn"),
    Severity.NOTE: Mark("•", "note", "info"),
}

STATUSES: Final[dict[str, Mark]] = {
    "passed": Mark("✓", "passed", "good"),
    "failed": Mark("✗", "failed", "bad"),
    "not_applicable": Mark("–", "does not apply", "quiet"),
    "not_checked": Mark("○", "not checked", "quiet"),
}

MARGIN_SOURCES: Final = {
    "default": "default",
    "file": "declared in the file",
    "command line": "command line",
}
