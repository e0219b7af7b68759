"""The audit as one HTML page: no script, nothing loaded, light and dark, made to be printed too."""

from repaudit.audit.audit import Audit
from repaudit.report.context import context
from repaudit.report.strip import HEIGHT, WIDTH, strip_of
from repaudit.report.templates import html_environment


def render(audit: Audit) -> str:
    """Return the page; every author's text is escaped."""
    template = html_environment().get_template("report.html.j2")
    strips = [strip_of(comparison) for comparison in audit.comparisons]
    return template.render(context(audit), strips=strips, strip_width=WIDTH, strip_height=HEIGHT)
