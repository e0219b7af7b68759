"""The three files of an audit, each written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from repaudit._core.errors import InputError
from repaudit.audit.audit import Audit
from repaudit.report.formats import render_audit

FILES = {"audit.json": "json", "audit.html": "html", "audit.md": "markdown"}


def write_outputs(audit: Audit, folder: Path) -> list[Path]:
    """Write ``audit.json``, ``audit.html`` and ``audit.md`` into ``folder``."""
    for name, form in FILES.items():
        write_text(folder / name, render_audit(audit, form))
    return [folder / name for name in FILES]


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically, with its folder; ``InputError`` where that is impossible."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise InputError(str(path), "a writable place", str(error.strerror).lower()) from None
