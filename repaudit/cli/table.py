"""``repaudit table``: tables that are compliant by construction."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repaudit.cli.output import write, write_to

if TYPE_CHECKING:
    from repaudit.audit.audit import Audit
    from repaudit.contract.results import Results

DIFFERENT = 1
"""Exit code when a table in a paper says something else."""


class Format(Enum):
    """Formats of a table."""

    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"
    CSV = "csv"


def table(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS", help="The results file, or an audit.json: with what was measured."
        ),
    ],
    form: Annotated[
        Format, typer.Option("--format", metavar="markdown|latex|html|csv", help="What to write.")
    ] = Format.MARKDOWN,
    name: Annotated[
        str | None, typer.Option("--table", metavar="ID", help="One declared table, not all.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The results file of an audit.json, if it moved."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            metavar="PAPER", help="Exit 1 when a marked table there (.tex, .md, .html) differs."
        ),
    ] = None,
    update: Annotated[
        Path | None,
        typer.Option(metavar="PAPER", help="Write the marked tables that differ anew, there."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Print a results file's tables with all that they certify."""
    from repaudit._core.errors import InputError
    from repaudit.check.audited import results_and_audit
    from repaudit.tables.render import render_table

    given = [option for option, value in (("--check", check), ("--update", update)) if value]
    if len(given) > 1 or (given and (output is not None or name is not None)):
        raise InputError(given[0], "no --table, no --output and no second paper", "one of them")
    loaded, audit = results_and_audit(path, results)
    if check is not None:
        raise typer.Exit(_check(check, loaded, audit, path))
    if update is not None:
        _update(update, loaded, audit)
        return
    write_to(output, render_table(loaded, name, form.value, audit))


def _check(paper: Path, results: "Results", audit: "Audit | None", path: Path) -> int:
    """Name every cell that differs; return the exit code."""
    from repaudit._core.text import clip, count, visible
    from repaudit.tables.check import differences
    from repaudit.tables.markers import format_of
    from repaudit.tables.render import fresh_tables

    text, form = _text(paper), format_of(str(paper))
    fresh = fresh_tables(results, None, form, audit)
    found = differences(text, form, fresh, str(paper))
    for difference in found:
        said = f"found {difference.found}, expected {difference.expected}"
        write(clip(visible(f"{paper}:{difference.line}: {difference.cell}: {said}"), 500) + "\n")
    if not found:
        write(f"{paper}: every marked table says what {path} says\n")
        return 0
    write(f"{count(len(found), 'difference')}\n  Try: repaudit table {path} --update {paper}\n")
    return DIFFERENT


def _update(paper: Path, results: "Results", audit: "Audit | None") -> None:
    from repaudit.check.outputs import write_text
    from repaudit.tables.check import updated
    from repaudit.tables.markers import format_of
    from repaudit.tables.render import fresh_tables

    text, form = _text(paper), format_of(str(paper))
    written = updated(text, form, fresh_tables(results, None, form, audit), str(paper))
    if written == text:
        write(f"{paper}: nothing to change\n")
        return
    write_text(paper, written)
    write(f"wrote {paper}\n")


def _text(paper: Path) -> str:
    """Return the text of a paper, its line ends as they are."""
    from repaudit._core.errors import InputError
    from repaudit.contract.load import read_bytes

    try:
        return read_bytes(paper).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(str(paper), "a text in UTF-8", str(error)) from None
