"""The rule table of a SARIF log: every rule of the audit, and what else can go wrong."""

from collections.abc import Mapping
from typing import Any, Final

from repaudit._core.text import clip, visible
from repaudit.audit.audit import Audit
from repaudit.audit.finding import Rule, Severity

GATE: Final = "gate"
NO_AUDIT: Final = "no-audit"
OTHERS: Final[dict[str, tuple[str, Severity]]] = {
    "refuted": ("No honest run can produce the declared number.", Severity.ERROR),
    "overstated": ("The declared number is stronger than honest runs print.", Severity.ERROR),
    "understated": ("The declared number is weaker than honest runs print.", Severity.WARNING),
    GATE: ("The audit does not pass its gate.", Severity.ERROR),
    NO_AUDIT: ("There is no audit.", Severity.ERROR),
}
"""Verdicts and endings, which SARIF knows as rules too: title and severity."""
LONGEST: Final = 1000
"""Characters of one text; the audit holds the rest."""


def shown(text: str) -> str:
    """Return a text as SARIF may hold it: nothing hidden, nothing endless."""
    return clip("\n".join(visible(line) for line in text.splitlines()), LONGEST)


def rule_table(audit: Audit, pages: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one descriptor per rule, with its page as help, then verdicts and endings."""
    own = {rule.code: _of_rule(rule, pages.get(rule.code)) for rule in audit.rules}
    return [*own.values(), *other_rules()]


def other_rules() -> list[dict[str, Any]]:
    """Return the descriptors of verdicts and endings."""
    return [_descriptor(id, id, title, severity) for id, (title, severity) in OTHERS.items()]


def _of_rule(rule: Rule, page: str | None) -> dict[str, Any]:
    entry = _descriptor(shown(rule.code), shown(rule.name), shown(rule.title), rule.severity)
    command = f"repaudit explain {shown(rule.code)}"
    entry["help"] = {"text": f"{shown(rule.title)}\n{command}"}
    if page is not None:
        entry["help"]["markdown"] = page
    if rule.skipped is not None:
        entry["defaultConfiguration"]["enabled"] = False
    return entry


def _descriptor(id: str, name: str, title: str, severity: Severity) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "shortDescription": {"text": title},
        "defaultConfiguration": {"level": severity.value},
    }
