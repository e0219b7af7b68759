"""``repaudit gate``: a committed audit against the results file beside it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repaudit.cli.arguments import Baseline, FailOn, Gate, Required, Roots, folders, named
from repaudit.cli.baseline import acceptor
from repaudit.cli.formats import failure_said, outputs, print_formats, printed
from repaudit.cli.output import write

if TYPE_CHECKING:
    from repaudit.check.gate import Gated

SYMBOLS = {"passed": "✓", "failed": "✗", "not_checked": "○"}


def gate(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="The committed audit.json.")],
    results: Annotated[
        Path, typer.Option(metavar="RESULTS", help="The results file that it is of.")
    ],
    require: Required = None,
    fail_on: FailOn = None,
    max_age: Annotated[
        str | None, typer.Option(metavar="DAYS", help="The oldest audit that is taken: 90d.")
    ] = None,
    baseline: Baseline = None,
    margin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAMILY=SIZE", help="A margin that the audit was made with; repeatable."
        ),
    ] = None,
    root: Roots = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="sarif, junit, github, markdown, html, json or text, to FILE or to stdout, the "
            "answer then to stderr; repeatable.",
        ),
    ] = None,
) -> None:
    """Check a committed audit, without a GPU or the data."""
    from datetime import UTC, datetime

    from repaudit.check.gate import GateOptions
    from repaudit.check.gate import gate as run
    from repaudit.check.outputs import write_formats

    wanted = outputs("--format", form)
    with failure_said(wanted, results):
        options = GateOptions(
            require=None if require is None else require.value,
            fail_on=tuple(one.value for one in fail_on or [Gate.ERROR]),
            max_age=_days(max_age),
            roots=folders("--root", root),
            margins=named("--margin", margin),
        )
        now = datetime.now(UTC)
        accepting = acceptor(baseline, results, now.date())
        gated = run(audit, results, options, now)
        if all(seal.status != "failed" for seal in gated.seals):
            gated = type(gated)(accepting(gated.audit), gated.seals)
        write_formats(gated.audit, wanted)
        print_formats(gated.audit, wanted)
    if printed(wanted):
        # What no gate can see has to be said even where only machines read the output.
        typer.echo(_text(gated), err=True, nl=False)
    else:
        write(_text(gated))
    raise typer.Exit(gated.audit.exit_code)


def _days(text: str | None) -> timedelta | None:
    from repaudit._core.errors import InputError

    if text is None:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,4})d?", text.strip())
    if match is None:
        raise InputError("--max-age", "a number of days such as 90d", repr(text)[:40])
    return timedelta(days=int(match[1]))


def _text(gated: "Gated") -> str:
    """Return one line per seal, what counts against the file, and the ending."""
    from repaudit._core.text import clip, visible
    from repaudit.report.accepted import accepted_lines
    from repaudit.report.causes import causes
    from repaudit.report.command import reproduce_command
    from repaudit.report.places import place_of

    audit = gated.audit
    lines = [f"{SYMBOLS[seal.status]} {seal.what}: {seal.reason}" for seal in gated.seals]
    found = [cause for cause in causes(audit) if cause.item.accepted is None]
    lines += [f"{place_of(c.item, audit.subject.path)}: {c.head}: {c.text}" for c in found[:10]]
    lines += [f"and {len(found) - 10} more"] if len(found) > 10 else []
    lines += [*accepted_lines(audit), f"Level     {audit.level or 'none'}"]
    lines += [f"Exit {audit.exit_code}: {audit.exit_reason}"]
    shown = [clip(visible(line), 400) for line in lines]
    return "\n".join([*shown, f"Re-run    {visible(reproduce_command(audit))}"]) + "\n"
