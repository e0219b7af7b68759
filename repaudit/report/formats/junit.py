"""The audit as JUnit XML: one case per rule and per comparison, and one for the gate.

A case is skipped, with its reason, when nobody checked it or nothing was settled: a page of a
continuous integration then shows what was *not* audited. Only what the gate counts fails. The
case of the gate is never left out, so the file is never an empty suite, and a run that its level
or its expiry stops is red although no single case is.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from repaudit._core.text import clip
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Finding, Rule, Severity
from repaudit.report.causes import verdict_numbers
from repaudit.report.failure import NO_AUDIT, Failure
from repaudit.report.xml_text import xml_text

LONGEST = 2000
"""Characters of one text; the audit holds the rest."""


def render(audit: Audit) -> str:
    """Return the suites: rules, one per evaluation, the gate."""
    root = ET.Element("testsuites", name="repaudit")
    rules = [_rule_case(rule, audit) for rule in audit.rules]
    if rules:
        root.append(_suite("rules", rules))
    for name in dict.fromkeys(c.evaluation for c in audit.comparisons):
        mine = [c for c in audit.comparisons if c.evaluation == name]
        root.append(_suite(name, [_comparison_case(c, audit) for c in mine]))
    root.append(_suite("gate", [_gate_case(audit)]))
    root.set("time", f"{audit.seconds:.3f}")
    return _document(root)


def render_failure(failure: Failure) -> str:
    """Return one suite with one error: the audit that is not there."""
    root = ET.Element("testsuites", name="repaudit")
    case = _case("gate", "audit")
    _outcome(case, "error", NO_AUDIT, failure.sentence)
    root.append(_suite("gate", [case]))
    return _document(root)


def _document(root: ET.Element) -> str:
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(name: str, cases: Sequence[ET.Element]) -> ET.Element:
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    suite = ET.Element("testsuite", name=_clean(name))
    for key, number in counts.items():
        suite.set(key, str(number))
    suite.extend(cases)
    return suite


def _rule_case(rule: Rule, audit: Audit) -> ET.Element:
    hits = [finding for finding in audit.findings if finding.code == rule.code]
    case = _case("rules", f"{rule.code} {rule.name}")
    lines = [_line(finding, audit.subject.path) for finding in hits]
    failing = [f for f in hits if f.suppressed is None and f.accepted is None and _fails(f, audit)]
    if failing:
        _outcome(case, "failure", failing[0].message, "\n".join(lines))
    elif rule.skipped is not None and not hits:
        _outcome(case, "skipped", f"not checked: {rule.skipped}")
    elif lines:
        ET.SubElement(case, "system-out").text = _clean("\n".join(lines))
    return case


def _fails(finding: Finding, audit: Audit) -> bool:
    warns = finding.severity is Severity.WARNING and "warning" in audit.options.fail_on
    return finding.severity is Severity.ERROR or warns


def _line(finding: Finding, path: str) -> str:
    place = path if finding.line is None else f"{path}:{finding.line}:{finding.column or 1}"
    text = f"{place}: {finding.severity.value} {finding.code} {finding.name}: {finding.message}"
    if finding.suppressed is not None:
        text += f" (suppressed by the author: {finding.suppressed})"
    return text if finding.accepted is None else f"{text} (accepted: {finding.accepted})"


def _comparison_case(comparison: Comparison, audit: Audit) -> ET.Element:
    case = _case(comparison.evaluation, f"{comparison.label} ({comparison.pointer})")
    verdict, gates = comparison.verdict, audit.options.fail_on
    text = f"{verdict.value.replace('_', ' ')}: {comparison.reason}"
    is_error = verdict.severity is Severity.ERROR
    is_warning = verdict.severity is Severity.WARNING and "warning" in gates
    is_open = verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_CHECKED)
    if comparison.accepted is not None:
        said = f"{text} (accepted: {comparison.accepted})"
        ET.SubElement(case, "system-out").text = _clean(said)
    elif is_error or is_warning or (is_open and verdict.value in gates):
        _outcome(case, "failure", text, verdict_numbers(comparison))
    elif is_open:
        _outcome(case, "skipped", text)
    elif verdict is not Verdict.REPRODUCED:
        ET.SubElement(case, "system-out").text = _clean(text)
    return case


def _gate_case(audit: Audit) -> ET.Element:
    options = audit.options
    asked = [f"--fail-on {gate}" for gate in options.fail_on]
    asked += [f"--require {options.require}"] if options.require is not None else []
    case = _case("gate", " ".join(asked))
    if audit.exit_code:
        kind = "failure" if audit.exit_code == 1 else "error"
        _outcome(case, kind, f"exit {audit.exit_code}", audit.exit_reason)
    return case


def _case(group: str, name: str) -> ET.Element:
    return ET.Element("testcase", classname=_clean(f"repaudit.{group}"), name=_clean(name))


def _outcome(case: ET.Element, kind: str, message: str, text: str | None = None) -> None:
    outcome = ET.SubElement(case, kind, message=_clean(message))
    if kind != "skipped":
        outcome.set("type", kind)
        outcome.text = _clean(text or message)


def _clean(text: str) -> str:
    return clip(xml_text(text), LONGEST)
