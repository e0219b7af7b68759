"""An audit under a baseline: what is accepted stays said, and does not fail the gate."""

from collections.abc import Sequence
from datetime import date

from repaudit.audit.audit import Audit
from repaudit.audit.baseline import Accepted, Baseline
from repaudit.audit.comparison import Comparison
from repaudit.audit.finding import Finding
from repaudit.check.baseline_file import BaselineFile, Entry
from repaudit.contract.results import Results
from repaudit.verdicts import ending, ladder


def accept(audit: Audit, results: Results, baseline: BaselineFile, today: date) -> Audit:
    """Return the audit with what the baseline accepts marked, and its ending again.

    An entry counts up to its last day, for its own results file when it names one. Verdicts,
    levels and counts stay as they are: accepting an error makes it no less true. Of the level
    that is required, what is accepted is set aside too.
    """
    live = [entry for entry in baseline.entries if _status(entry, audit, today) == "used"]
    findings = [_marked_finding(finding, live) for finding in audit.findings]
    comparisons = [_marked_comparison(comparison, live) for comparison in audit.comparisons]
    above = {rung.id: rung for rung in audit.levels}
    levels, _ = ladder(
        results,
        [finding for finding in findings if finding.accepted is None],
        [c for c in comparisons if c.accepted is None or c.verdict.severity is None],
        audit.rules,
        confirmed=above.get("L4"),
        survived=above.get("L5"),
    )
    end = ending(
        findings,
        comparisons,
        levels,
        audit.options.fail_on,  # type: ignore[arg-type]  # as it came from the command line
        audit.options.require,
        static=audit.options.static,
        has_evidence=any(evaluation.evidence for evaluation in results.evaluations.values()),
    )
    applied = _applied(baseline, audit, today)
    return audit.model_copy(
        update={
            "findings": findings,
            "comparisons": comparisons,
            "baseline": applied,
            "exit_code": end.exit_code,
            "exit_reason": f"{end.reason}; baseline: {_counted(applied.entries)}",
        }
    )


def _status(entry: Entry, audit: Audit, today: date) -> str:
    if entry.sha256 is not None and entry.sha256 != audit.subject.sha256:
        return "other_file"
    return "expired" if today > entry.expires else "used"


def _marked_finding(finding: Finding, live: Sequence[Entry]) -> Finding:
    if finding.suppressed is not None:
        return finding
    return finding.model_copy(update={"accepted": _why(finding.code, finding.pointer, live)})


def _marked_comparison(comparison: Comparison, live: Sequence[Entry]) -> Comparison:
    reason = _why(comparison.verdict.value, comparison.pointer, live)
    return comparison.model_copy(update={"accepted": reason})


def _why(code: str, pointer: str, live: Sequence[Entry]) -> str | None:
    for entry in live:
        if (entry.code, entry.pointer) == (code, pointer):
            return f"{entry.reason}, until {entry.expires}"
    return None


def _applied(baseline: BaselineFile, audit: Audit, today: date) -> Baseline:
    there = {(f.code, f.pointer) for f in audit.findings if f.suppressed is None}
    there |= {(c.verdict.value, c.pointer) for c in audit.comparisons}
    entries = []
    for entry in baseline.entries:
        is_there = (entry.code, entry.pointer) in there
        entries.append(
            Accepted(
                code=entry.code,
                pointer=entry.pointer,
                reason=entry.reason,
                expires=entry.expires.isoformat(),
                sha256=entry.sha256,
                status=_status(entry, audit, today) if is_there else "unused",  # type: ignore[arg-type]
            )
        )
    return Baseline(path=str(baseline.path), sha256=baseline.sha256, entries=entries)


def _counted(entries: Sequence[Accepted]) -> str:
    """Return ``2 accepted, 1 expired``; an empty baseline says so."""
    words = {"used": "accepted", "expired": "expired", "other_file": "for another file"}
    words["unused"] = "unused"
    numbers = {word: sum(e.status == status for e in entries) for status, word in words.items()}
    return ", ".join(f"{n} {word}" for word, n in numbers.items() if n) or "no entry"
