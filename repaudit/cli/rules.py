"""``repaudit rules``: what an audit looks for."""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repaudit.cli.output import write, write_to

if TYPE_CHECKING:
    from rich.console import Console

    from repaudit.rules._registry import Entry

UNWRAPPED = 10_000
"""Columns where no terminal is: one line per rule, for other programs."""


class Severity(Enum):
    """How bad what a rule finds is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def rules(
    family: Annotated[
        list[str] | None,
        typer.Option(metavar="0xx|1xx|…", help="Only rules of this family; repeatable."),
    ] = None,
    severity: Annotated[
        Severity | None,
        typer.Option(metavar="error|warning|note", help="Only rules of this severity."),
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", file_okay=False, help="Write a page per rule and an index there."
        ),
    ] = None,
) -> None:
    """List the rules: code, name, severity, certainty, title."""
    from repaudit.rules._registry import registry

    if markdown is not None:
        _write_pages(markdown)
        return
    families = _families(family)
    listed = [
        entry
        for entry in registry().values()
        if (not families or entry.code[2] in families)
        and (severity is None or entry.check.severity.value == severity.value)
    ]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else UNWRAPPED
    write(_table(listed, width), color=sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def _families(given: Sequence[str] | None) -> set[str]:
    """Return the first digits of families such as ``1xx``."""
    from repaudit._core.errors import InputError
    from repaudit._core.text import shorten
    from repaudit.rules.explain import FAMILIES

    for text in given or []:
        if not re.fullmatch(r"\dxx", text, re.ASCII) or text[0] not in FAMILIES:
            expected = ", ".join(f"{digit}xx" for digit in FAMILIES)
            raise InputError("--family", f"one of {expected}", shorten(text))
    return {text[0] for text in given or []}


def _table(entries: "Sequence[Entry]", width: int) -> str:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("code", "severity", "certainty"):
        table.add_column(heading, no_wrap=True)
    narrow = width < UNWRAPPED
    table.add_column("rule", overflow="fold")
    if not narrow:
        table.add_column("title", no_wrap=True)
    for entry in entries:
        name, title = (entry.name, "bold"), entry.page.title
        cells = [Text.assemble(name, "\n", title)] if narrow else [Text.assemble(name), Text(title)]
        check = entry.check
        table.add_row(entry.code, check.severity.value, check.certainty.value, *cells)
    console = _console(width)
    with console.capture() as shown:
        console.print(table)
    return "\n".join(line.rstrip() for line in shown.get().splitlines()) + "\n"


def _console(width: int) -> "Console":
    from rich.console import Console

    return Console(width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)


def _write_pages(folder: Path) -> None:
    from repaudit.rules.explain import pages

    written = pages()
    for name, text in written.items():
        write_to(folder / name, text)
    write(f"wrote {len(written)} pages into {folder}\n")
