"""The worst first: verdicts and findings that a reader has to see before anything else."""

from dataclasses import dataclass

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Certainty, Finding, Severity
from repaudit.report.numbers import declared_text, interval_text, value_text, with_unit
from repaudit.report.words import SEVERITIES, VERDICTS, Mark

_SEVERITY = {Severity.ERROR: 0, Severity.WARNING: 1}
_CERTAINTY = {Certainty.PROVED: 0, Certainty.LIKELY: 3, Certainty.HINT: 4}
_CONSEQUENCE = 5
_ABOUT_NUMBERS = "RA100"
"""From this code on rules judge numbers; a warning below says what a file leaves open."""


@dataclass(frozen=True)
class Cause:
    """One verdict or finding that keeps the file from being reproduced."""

    mark: Mark
    head: str
    """the verdict, or the finding's code and name"""
    text: str
    item: Finding | Comparison
    anchor: str
    """where the whole of it stands in the report"""


def causes(audit: Audit) -> list[Cause]:
    """Return errors, then warnings; within one severity what is proved comes first."""
    quantities = {
        c.pointer: f"{c.label} ({c.evaluation}): " for c in audit.comparisons if c.kind == "claim"
    }
    found = [
        (_order_of_finding(f), _finding(i, f, quantities.get(_claim_of(f), "")))
        for i, f in enumerate(audit.findings)
    ]
    rejected = {
        c.evaluation for c in audit.comparisons if c.kind == "records" and c.verdict.severity
    }
    # A claim that a finding refutes is named once, by the finding.
    refuted_by_finding = {f.pointer for f in audit.findings if f.severity is Severity.ERROR}
    said = [
        (_order_of_verdict(c, rejected), _verdict(i, c))
        for i, c in enumerate(audit.comparisons)
        if c.verdict is not Verdict.REFUTED or c.pointer not in refuted_by_finding
    ]
    ranked = [(order, cause) for order, cause in found + said if order is not None]
    return [cause for _, cause in sorted(ranked, key=lambda pair: pair[0])]


def _order_of_finding(finding: Finding) -> tuple[int, int, int] | None:
    if finding.suppressed is not None or finding.severity not in _SEVERITY:
        return None
    rank = _CERTAINTY[finding.certainty]
    if finding.severity is Severity.WARNING and finding.code < _ABOUT_NUMBERS:
        rank = _CONSEQUENCE
    return _SEVERITY[finding.severity], rank, finding.line or 0


def _claim_of(finding: Finding) -> str:
    """Return the pointer of the claim that a finding is about, or within; else its own."""
    tokens = finding.pointer.split("/")
    return "/".join(tokens[:5]) if tokens[3:4] == ["claims"] else finding.pointer


def _order_of_verdict(comparison: Comparison, rejected: set[str]) -> tuple[int, int, int] | None:
    severity = comparison.verdict.severity
    if severity is None:
        return None
    # What is said of the counts explains what is said of every number made from them.
    is_consequence = comparison.evaluation in rejected
    rank = 1 if comparison.kind == "records" else _CONSEQUENCE if is_consequence else 2
    return _SEVERITY[severity], rank, comparison.line or 0


def _finding(index: int, finding: Finding, quantity: str) -> Cause:
    mark = SEVERITIES[finding.severity]
    head = f"{finding.code} {finding.name}"
    return Cause(mark, head, quantity + finding.message, finding, f"finding-{index}")


def _verdict(index: int, comparison: Comparison) -> Cause:
    mark = VERDICTS[comparison.verdict]
    text = f"{comparison.label} ({comparison.evaluation}): {verdict_numbers(comparison)}"
    return Cause(mark, mark.word, text, comparison, f"comparison-{index}")


def verdict_numbers(comparison: Comparison) -> str:
    """Return declared beside the number that contradicts it, or the reason without numbers."""
    unit = comparison.unit
    if comparison.declared is None:
        return comparison.reason
    parts = [f"declared {with_unit(declared_text(comparison), unit)}"]
    if comparison.recomputed is not None:
        parts.append(f"recomputed {with_unit(value_text(comparison.recomputed), unit)}")
    if comparison.measured is not None:
        honest = interval_text(comparison.measured)
        measured = f"measured {with_unit(value_text(comparison.measured), unit)}"
        parts.append(f"{measured}, honest {honest}" if honest else measured)
    return ", ".join(parts) if len(parts) > 1 else comparison.reason
