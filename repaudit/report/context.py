"""What the templates of the report see."""

from typing import Any

from repaudit._core.text import count
from repaudit.audit.audit import Audit
from repaudit.report import numbers
from repaudit.report import robustness as robust
from repaudit.report.accepted import accepted_lines
from repaudit.report.aliasing import EXPLANATION, HEIGHT, WIDTH, aliasing, percent_folded
from repaudit.report.causes import causes
from repaudit.report.command import reproduce_command
from repaudit.report.ending import ending
from repaudit.report.gaps import gaps
from repaudit.report.materiality import margins
from repaudit.report.places import file_name, place_of, title_of
from repaudit.report.samples import share_words
from repaudit.report.sections import (
    DEFENCE,
    GUARANTEE,
    evaluations,
    has_certificates,
    has_defences,
    open_findings,
    suppressed_findings,
)
from repaudit.report.words import MARGIN_SOURCES, SEVERITIES, STATUSES, VERDICTS

SHOWN_CAUSES = 5
"""Causes on the first screen; the rest is counted there and stands below."""


def context(audit: Audit) -> dict[str, Any]:
    """Return the names a template may use."""
    name = file_name(audit.subject.path)
    found = causes(audit)
    return {
        "audit": audit,
        "file": name,
        "title": title_of(audit),
        "place": lambda item: place_of(item, name),
        "ending": ending(audit),
        "causes": found[:SHOWN_CAUSES],
        "more_causes": len(found) - SHOWN_CAUSES,
        "gaps": gaps(audit),
        "sections": evaluations(audit),
        "share_words": share_words,
        "findings": open_findings(audit),
        "suppressed": suppressed_findings(audit),
        "accepted": accepted_lines(audit),
        "margins": margins(audit),
        "margin_sources": MARGIN_SOURCES,
        "command": reproduce_command(audit),
        "aliasing": aliasing(audit),
        "aliasing_words": EXPLANATION,
        "fold_width": WIDTH,
        "fold_height": HEIGHT,
        "percent_folded": percent_folded,
        "robustness": robust.robustness(audit),
        "cloud_width": robust.WIDTH,
        "cloud_height": robust.HEIGHT,
        "guarantee": GUARANTEE if has_certificates(audit) else "",
        "defence": DEFENCE if has_defences(audit) else "",
        "verdicts": [(VERDICTS[verdict], n) for verdict, n in audit.verdicts().items()],
        "verdict_marks": VERDICTS,
        "severity_marks": SEVERITIES,
        "severities": [(mark, _findings(audit, s)) for s, mark in SEVERITIES.items()],
        "status_marks": STATUSES,
        "hits": {rule.code: _hits(audit, rule.code) for rule in audit.rules},
        "count": count,
        "n": numbers,
    }


def _findings(audit: Audit, severity: object) -> int:
    return sum(f.severity is severity and f.suppressed is None for f in audit.findings)


def _hits(audit: Audit, code: str) -> int:
    return sum(finding.code == code for finding in audit.findings)
