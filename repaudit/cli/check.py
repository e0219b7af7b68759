"""``repaudit check``: the audit."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.arguments import (
    Address,
    AllowCode,
    Baseline,
    BatchSize,
    Compile,
    Compiling,
    Device,
    Engine,
    FailOn,
    Gate,
    InPrecision,
    Margins,
    Memory,
    Mode,
    NoColor,
    Precision,
    Required,
    Roots,
    Terse,
    Where,
    Workers,
    codes,
    folders,
    memory,
    named,
)
from repaudit.cli.arguments import workers as processes
from repaudit.cli.baseline import acceptor
from repaudit.cli.formats import failure_said, leave, outputs
from repaudit.cli.interrupted import resumable

RARELY = 100_000
"""Objects made between two looks for garbage, in an audit without a re-run: it is over before
garbage matters, and looking for it takes a tenth of the time."""


def check(
    path: Annotated[Path, typer.Argument(metavar="RESULTS", help="The results file.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", file_okay=False, help="Folder for the audit and its evidence."
        ),
    ] = Path("repaudit-audit"),
    static: Annotated[
        bool, typer.Option("--static", help="Read and recompute only; run no network.")
    ] = False,
    mode: Annotated[
        Mode,
        typer.Option(
            metavar="full|risk-limiting|quick",
            help="Every draw of every example; a sample that confirms what it can, the rest in "
            "full; the sample alone.",
        ),
    ] = Mode.RISK_LIMITING,
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="TIME|FORWARDS",
            help="10m, 500k-forwards.  [default: 30m risk-limiting, 2m quick, none in full]",
        ),
    ] = None,
    risk: Annotated[
        float,
        typer.Option(
            min=1e-6,
            max=0.2,
            metavar="SHARE",
            help="Of confirming an overstatement larger than the margin, where a sample decides.",
        ),
    ] = 0.01,
    falsify: Annotated[
        bool, typer.Option("--falsify", help="Attack certificates inside their balls (L5).")
    ] = False,
    attempts: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Attacks on each evaluation.  [default: 20]"),
    ] = None,
    confirm: Annotated[
        Path | None,
        typer.Option(
            metavar="AUDIT",
            dir_okay=False,
            help="An earlier audit.json of this file, to be confirmed by this one (L4).",
        ),
    ] = None,
    party: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who audits, for --confirm.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run in --out.")
    ] = False,
    device: Device = "auto",
    root: Roots = None,
    margin: Margins = None,
    nonce: Annotated[
        str | None, typer.Option(metavar="HEX", help="Repeat an audit: the 32 digits it printed.")
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE[,CODE]",
            help="Run these rules alone, with those they rest on: RA103, or RA4 for all RA4xx.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE[,CODE]", help="Leave these rules out, and what rests on them; it is said."
        ),
    ] = None,
    fail_on: FailOn = None,
    require: Required = None,
    allow_code: AllowCode = False,
    max_memory: Memory = None,
    batch_size: BatchSize = None,
    compiling: Compiling = Compile.AUTO,
    precision: InPrecision = Precision.DECLARED,
    workers: Workers = None,
    engine: Engine = Where.LOCAL,
    address: Address = None,
    baseline: Baseline = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            help="Besides --out: sarif, junit, github, markdown, html, json or text, to FILE or, "
            "in place of the report, to stdout; repeatable.",
        ),
    ] = None,
    quiet: Terse = False,
    no_color: NoColor = False,
) -> None:
    """Audit a results file: arithmetic, released counts, a re-run."""
    from repaudit.check import CheckOptions
    from repaudit.check.audit import conduct
    from repaudit.check.rerun import JOURNAL, discard_journal
    from repaudit.cli.progress import announcer, progress_bar

    if static:
        gc.set_threshold(RARELY)
    wanted = outputs("--format", form)
    with failure_said(wanted, path), resumable(out / JOURNAL):
        accepting = acceptor(baseline, path)
        with progress_bar(quiet=quiet, no_color=no_color) as progress:
            options = CheckOptions(
                static=static,
                mode=mode.value,
                budget=budget,
                risk=risk,
                falsify=falsify,
                attempts=attempts,
                confirm=confirm,
                party=party,
                out=out,
                resume=resume,
                nonce=nonce,
                device=device,
                memory_bytes=memory(max_memory),
                batch_size=batch_size,
                compiling=compiling.value,
                precision=precision.value,
                workers=processes(workers),
                engine=engine.value,
                address=address,
                allow_code=allow_code,
                roots=folders("--root", root),
                margins=named("--margin", margin),
                select=codes("--select", select),
                ignore=codes("--ignore", ignore),
                fail_on=tuple(gate.value for gate in fail_on or [Gate.ERROR]),
                require=None if require is None else require.value,
                progress=progress,
                announce=announcer(quiet=quiet),
            )
            audit = accepting(conduct(path, options))
        leave(audit, out, wanted, quiet=quiet, no_color=no_color)
        discard_journal(options)
    raise typer.Exit(audit.exit_code)
