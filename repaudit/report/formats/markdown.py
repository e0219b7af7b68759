"""The audit as GitHub-flavoured Markdown: for a pull request or an issue."""

import re

from repaudit.audit.audit import Audit
from repaudit.report.context import context
from repaudit.report.templates import markdown_environment


def render(audit: Audit) -> str:
    """Return the report; every author's text is escaped."""
    text = markdown_environment().get_template("report.md.j2").render(context(audit))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
