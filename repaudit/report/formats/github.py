"""The audit as annotations of GitHub Actions: workflow commands, one per line.

GitHub shows at most ten of each severity per step, so the ten worst are written and the rest is
counted. Reference: GitHub Actions, workflow commands, ``::error file=,line=,col=,title=::``.
"""

from typing import Final

from repaudit._core.text import clip, count, visible
from repaudit.audit.audit import Audit
from repaudit.audit.finding import Severity
from repaudit.report.causes import Cause, causes
from repaudit.report.ending import ending
from repaudit.report.failure import Failure
from repaudit.report.words import SEVERITIES

SHOWN: Final = 10
LONGEST: Final = 1000
"""Characters of one message; the audit holds the rest."""


def render(audit: Audit) -> str:
    """Return the lines; no author's text can begin another command."""
    found = [cause for cause in causes(audit) if cause.item.accepted is None]
    lines = [_annotation(cause, audit.subject.path) for cause in found[:SHOWN]]
    end = ending(audit)
    summary = f"{end.word}: {end.sentence}. Exit {audit.exit_code}: {audit.exit_reason}"
    if len(found) > SHOWN:
        summary = f"{count(len(found) - SHOWN, 'annotation')} more, in audit.json. {summary}"
    # An eleventh error would not be shown; a red ending needs at least one that is.
    is_red = audit.exit_code != 0 and not any(line.startswith("::error") for line in lines)
    lines.append(_command("error" if is_red else "notice", summary, title="repaudit"))
    return "\n".join(lines) + "\n"


def render_failure(failure: Failure) -> str:
    """Return the one error that says that there is no audit."""
    return _command("error", failure.sentence, file=failure.path, title="repaudit") + "\n"


def _annotation(cause: Cause, path: str) -> str:
    properties = {"file": path}
    if cause.item.line is not None:
        properties |= {"line": str(cause.item.line), "col": str(cause.item.column or 1)}
    is_error = cause.mark.tone == SEVERITIES[Severity.ERROR].tone
    return _command("error" if is_error else "warning", cause.text, **properties, title=cause.head)


def _command(kind: str, message: str, **properties: str) -> str:
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {given}::{_data(message)}"


def _data(text: str) -> str:
    """Return a message on one line: hidden characters shown, then GitHub's own escapes."""
    lines = [visible(line) for line in clip(text, LONGEST).splitlines()]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
