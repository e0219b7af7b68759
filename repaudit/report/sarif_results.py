"""The results of a SARIF log: what speaks against the file, where, and who set it aside."""

import hashlib
from collections import Counter
from typing import Any

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.finding import Finding
from repaudit.report.sarif_rules import shown

Json = dict[str, Any]


def results_of(audit: Audit, uri: str) -> list[Json]:
    """Return a result per finding and per verdict against the file, suppressed ones too."""
    seen: Counter[tuple[str, str]] = Counter()
    return [
        *(_of_finding(finding, audit, uri, seen) for finding in audit.findings),
        *(_of_comparison(c, audit, uri, seen) for c in audit.comparisons if c.verdict.severity),
    ]


def _of_finding(finding: Finding, audit: Audit, uri: str, seen: Counter[tuple[str, str]]) -> Json:
    place = location_of(uri, finding, finding.pointer)
    result = result_of(finding.code, finding.severity.value, finding.message, place)
    result["properties"] = {"certainty": finding.certainty.value}
    related = [c for c in audit.comparisons if _is_within(finding.pointer, c.pointer)]
    if related:
        about = f"{related[0].label}: {related[0].verdict.value}"
        result["relatedLocations"] = [
            {**location_of(uri, related[0], related[0].pointer), "message": {"text": shown(about)}}
        ]
    suppressions = []
    if finding.suppressed is not None:
        suppressions.append({"kind": "inSource", "justification": shown(finding.suppressed)})
    return _identified(result, finding, finding.code, audit, suppressions, seen)


def _of_comparison(
    comparison: Comparison, audit: Audit, uri: str, seen: Counter[tuple[str, str]]
) -> Json:
    severity = comparison.verdict.severity
    assert severity is not None
    rule = comparison.verdict.value
    message = f"{comparison.label} ({comparison.evaluation}): {comparison.reason}"
    result = result_of(
        rule, severity.value, message, location_of(uri, comparison, comparison.pointer)
    )
    return _identified(result, comparison, rule, audit, [], seen)


def _identified(
    result: Json,
    item: Finding | Comparison,
    code: str,
    audit: Audit,
    suppressions: list[Json],
    seen: Counter[tuple[str, str]],
) -> Json:
    """Return a result with what tells it from others, and with who set it aside."""
    key = (code, item.pointer)
    stable = _digest(code, item.pointer, str(seen[key]))
    seen[key] += 1
    # Code scanning follows an alert through edits of the file by the partial one.
    result["partialFingerprints"] = {"codeAndPointer/v1": stable}
    result["fingerprints"] = {"codePointerAndFile/v1": _digest(stable, audit.subject.sha256)}
    if item.accepted is not None:
        justification = shown(item.accepted)
        suppressions.append({"kind": "external", "justification": justification})
    if suppressions:
        result["suppressions"] = suppressions
    return result


def result_of(rule: str, level: str, message: str, location: Json) -> Json:
    """Return the least that a result says."""
    return {
        "ruleId": shown(rule),
        "level": level,
        "message": {"text": shown(message)},
        "locations": [location],
    }


def location_of(uri: str, item: Finding | Comparison | None, pointer: str | None) -> Json:
    """Return where an item stands; without one, the beginning of the file.

    Code scanning refuses a log with a result that has no place.
    """
    line = 1 if item is None or item.line is None else item.line
    column = 1 if item is None or item.column is None else item.column
    physical = {
        "artifactLocation": {"uri": uri, "index": 0},
        "region": {"startLine": line, "startColumn": column},
    }
    location: Json = {"physicalLocation": physical}
    if pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": shown(pointer), "kind": "value"}]
    return location


def _is_within(pointer: str, claim: str) -> bool:
    return pointer == claim or pointer.startswith(f"{claim}/")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
