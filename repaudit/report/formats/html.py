"""The audit as one HTML page: no script, nothing loaded, light and dark, made to be printed too."""

from typing import Any

from repaudit.audit.audit import Audit
from repaudit.audit.falsification import Falsification
from repaudit.report.context import context
from repaudit.report.embedded import embedded
from repaudit.report.figures.contract import cards
from repaudit.report.figures.figures import figure_views
from repaudit.report.figures.geometry import geometry_views
from repaudit.report.probes import probes
from repaudit.report.rules import rule_parts, rule_places
from repaudit.report.strip import HEIGHT, WIDTH, strip_of
from repaudit.report.templates import html_environment
from repaudit.report.words import Mark


def render(audit: Audit) -> str:
    """Return the page; every author's text is escaped."""
    template = html_environment().get_template("report.html.j2")
    return template.render(context(audit), **_of_the_page(audit))


def _of_the_page(audit: Audit) -> dict[str, Any]:
    """Return what only this format shows."""
    return {
        "strips": [strip_of(comparison) for comparison in audit.comparisons],
        "strip_width": WIDTH,
        "strip_height": HEIGHT,
        "contract_cards": cards(audit),
        "figure_views": figure_views(audit),
        "figure_places": {f.evaluation: index for index, f in enumerate(audit.figures)},
        "geometry_views": geometry_views(audit),
        "asked_probes": probes(audit),
        "falsified_mark": _falsified_mark,
        "rule_parts": rule_parts(audit),
        "rule_places": rule_places(audit),
        "data": embedded(audit),
    }


def _falsified_mark(falsification: Falsification) -> Mark:
    if falsification.refuted:
        return Mark("✗", "refuted", "bad")
    if falsification.flips:
        return Mark("▲", "flips that alpha allows", "warn")
    return Mark("✓", "survived", "good")
