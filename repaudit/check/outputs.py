"""The files of an audit, each written whole or not at all."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from repaudit._core.disk import CannotWrite, make_folder, write_whole
from repaudit._core.errors import InputError, RepauditError
from repaudit.audit.audit import Audit
from repaudit.report.failure import Failure
from repaudit.report.formats import render_audit, render_failure

FILES = {"audit.json": "json", "audit.html": "html", "audit.md": "markdown"}
_PLACED = ("sarif", "github", "junit")
"""Formats whose readers look for the results file in a checkout."""


class Output(NamedTuple):
    """One format that was asked for, and where it goes."""

    format: str
    path: Path | None
    """None: standard output"""


def write_outputs(audit: Audit, folder: Path) -> list[Path]:
    """Write ``audit.json``, ``audit.html`` and ``audit.md`` into ``folder``."""
    for name, form in FILES.items():
        write_text(folder / name, render_audit(audit, form))
    return [folder / name for name in FILES]


def write_formats(audit: Audit, wanted: Sequence[Output]) -> list[Path]:
    """Write the formats that go to files; return their paths."""
    for output in wanted:
        if output.path is not None:
            write_text(output.path, rendered(audit, output.format))
    return [output.path for output in wanted if output.path is not None]


def write_failure(failure: Failure, wanted: Sequence[Output]) -> None:
    """Say in the files that were asked for that there is no audit.

    A format that cannot say it is removed: no file is better than yesterday's pass.
    """
    for output in wanted:
        if output.path is None:
            continue
        text = render_failure(failure, output.format)
        if text is None:
            with suppress(OSError):
                output.path.unlink(missing_ok=True)
        else:
            with suppress(RepauditError):
                write_text(output.path, text)


def rendered(audit: Audit, form: str) -> str:
    """Return the audit in a format, with what only this floor of the house knows."""
    if form in _PLACED:
        audit = _seen_from_here(audit)
    if form == "sarif":
        from repaudit.report.formats.sarif import render

        return render(audit, pages=_pages(audit))
    return render_audit(audit, form)


def _seen_from_here(audit: Audit) -> Audit:
    """Return the audit with an absolute path into this folder made relative."""
    path = Path(audit.subject.path)
    if not path.is_absolute() or not path.is_relative_to(Path.cwd()):
        return audit
    relative = path.relative_to(Path.cwd()).as_posix()
    return audit.model_copy(update={"subject": audit.subject.model_copy(update={"path": relative})})


def _pages(audit: Audit) -> Mapping[str, str]:
    """Return the pages of the audit's rules; an older audit may name some that are gone."""
    from repaudit.rules.explain import pages

    written = pages()
    names = {rule.code: f"{rule.code}.md" for rule in audit.rules}
    return {code: written[name] for code, name in names.items() if name in written}


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, with its folder.

    Raises ``CannotWrite`` for a full disk and ``InputError`` for a place that cannot be written.
    """
    try:
        make_folder(path.parent)
        write_whole(path, text.encode())
    except CannotWrite as fault:
        if fault.is_full:
            raise
        raise InputError(str(path), "a writable place", fault.reason) from None
