"""``--format FORMAT[:FILE]``, repeatable: what a command leaves, also when it fails."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from repaudit._core.errors import InputError, RepauditError
from repaudit._core.text import shorten
from repaudit.cli.output import write

if TYPE_CHECKING:
    from repaudit.audit.audit import Audit
    from repaudit.check.outputs import Output

FAULT_OF_THE_TOOL = 70
_LINES = ("text", "github")
"""Formats made of lines, which may share standard output."""


def outputs(option: str, texts: Sequence[str] | None) -> "list[Output]":
    """Return the formats asked for, in order.

    Raises ``InputError`` for an unknown format, a file named twice, and two documents that would
    both go to standard output.
    """
    from repaudit.check.outputs import Output
    from repaudit.report.formats import FORMATS

    wanted: list[Output] = []
    for text in texts or []:
        form, colon, file = text.partition(":")
        if form not in FORMATS:
            raise InputError(option, f"one of {', '.join(FORMATS)}", shorten(form))
        if colon and not file:
            raise InputError(option, "FORMAT:FILE", shorten(text), f"--format {form}:FILE")
        if colon and Path(file).is_dir():
            raise InputError(f"{option} {form}", "a file", f"the folder {file}")
        wanted.append(Output(form, Path(file) if colon else None))
    places = [output.path for output in wanted if output.path is not None]
    if len(set(places)) < len(places):
        raise InputError(option, "every file once", "one twice")
    printed = [output.format for output in wanted if output.path is None]
    if len(printed) > 1 and any(form not in _LINES for form in printed):
        found = " and ".join(printed)
        raise InputError(option, "one format on standard output", found, "--format FORMAT:FILE")
    return wanted


def printed(wanted: "Sequence[Output]") -> list[str]:
    """Return the formats that go to standard output."""
    return [output.format for output in wanted if output.path is None]


def print_formats(audit: "Audit", wanted: "Sequence[Output]") -> None:
    """Write those formats to standard output."""
    from repaudit.check.outputs import rendered

    for form in printed(wanted):
        write(rendered(audit, form))


def leave(
    audit: "Audit", out: Path, wanted: "Sequence[Output]", *, quiet: bool, no_color: bool
) -> None:
    """Write the files of an audit, then print what was asked for, or the report of a terminal."""
    from repaudit.check.outputs import write_formats, write_outputs
    from repaudit.cli.summary import print_summary

    files = write_outputs(audit, out) + write_formats(audit, wanted)
    if printed(wanted):
        print_formats(audit, wanted)
    else:
        print_summary(audit, files, quiet=quiet, no_color=no_color)


@contextmanager
def failure_said(wanted: "Sequence[Output]", path: Path) -> Iterator[None]:
    """Leave in every format asked for that there is no audit, when there is none.

    The error goes on its way, and with it the exit code.
    """
    try:
        yield
    except Exception as error:
        _say(error, wanted, path)
        raise


def _say(error: Exception, wanted: "Sequence[Output]", path: Path) -> None:
    from repaudit import __version__
    from repaudit.check.outputs import write_failure
    from repaudit.report.failure import Failure
    from repaudit.report.formats import render_failure

    foreseen = isinstance(error, RepauditError)
    message = str(error) if foreseen else f"fault in repaudit: {type(error).__name__}: {error}"
    code = error.exit_code if isinstance(error, RepauditError) else FAULT_OF_THE_TOOL
    failure = Failure(str(path), message, code, __version__)
    write_failure(failure, wanted)
    for form in printed(wanted):
        write(render_failure(failure, form) or "")
