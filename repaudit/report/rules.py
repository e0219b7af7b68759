"""The rules of an audit: those that object, those that do not, and those that did not run."""

from repaudit.audit.audit import Audit
from repaudit.audit.finding import Rule


def rule_parts(audit: Audit) -> list[tuple[str, list[Rule]]]:
    """Return the rules by what became of them, each part in the order of the codes."""
    objecting = {finding.code for finding in audit.findings}
    ran = [rule for rule in audit.rules if rule.skipped is None]
    return [
        ("With findings", [rule for rule in audit.rules if rule.code in objecting]),
        ("Passed", [rule for rule in ran if rule.code not in objecting]),
        ("Skipped", [r for r in audit.rules if r.skipped is not None and r.code not in objecting]),
    ]


def rule_places(audit: Audit) -> dict[str, int]:
    """Return by code where a rule stands in the audit, for links to it."""
    return {rule.code: index for index, rule in enumerate(audit.rules)}
