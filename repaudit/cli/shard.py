"""``repaudit shard``: a full audit as an array of jobs."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit._core.errors import MissingPart
from repaudit._core.text import visible
from repaudit.cli.arguments import (
    Address,
    AllowCode,
    BatchSize,
    Compile,
    Compiling,
    Device,
    Engine,
    FailOn,
    InPrecision,
    Margins,
    Memory,
    Mode,
    NoColor,
    Precision,
    Required,
    Roots,
    Silent,
    Terse,
    Where,
    Workers,
    folders,
    memory,
)
from repaudit.cli.arguments import workers as processes
from repaudit.cli.check import check
from repaudit.cli.interrupted import resumable
from repaudit.cli.output import write

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make a full audit as an array of jobs, and merge what they did.",
)

Results = Annotated[Path, typer.Argument(metavar="RESULTS", help="The results file.")]
Out = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", file_okay=False, help="Folder of the audit, shared by all jobs."
    ),
]
AUDIT = Path("repaudit-audit")


@app.command()
def run(
    path: Results,
    index: Annotated[int, typer.Option(min=0, metavar="I", help="Of this job, from 0 to K - 1.")],
    count: Annotated[int, typer.Option(min=1, metavar="K", help="Jobs in all.")],
    out: Out = AUDIT,
    nonce: Annotated[
        str | None,
        typer.Option(
            metavar="HEX", help="32 digits, the same for all jobs.  [default: the first job's]"
        ),
    ] = None,
    device: Device = "auto",
    root: Roots = None,
    allow_code: AllowCode = False,
    max_memory: Memory = None,
    batch_size: BatchSize = None,
    compiling: Compiling = Compile.AUTO,
    precision: InPrecision = Precision.DECLARED,
    workers: Workers = None,
    engine: Engine = Where.LOCAL,
    address: Address = None,
    quiet: Silent = False,
    no_color: NoColor = False,
) -> None:
    """Compute the shards of one job.

    They are those whose number leaves I when divided by K. What is there is not computed again.
    """
    from repaudit.check import CheckOptions
    from repaudit.check.array import run_job
    from repaudit.check.rerun import JOURNAL
    from repaudit.cli.progress import progress_bar

    with (
        resumable(out / JOURNAL),
        progress_bar(quiet=quiet, no_color=no_color) as progress,
    ):
        options = CheckOptions(
            out=out,
            resume=True,
            nonce=nonce,
            device=device,
            memory_bytes=memory(max_memory),
            batch_size=batch_size,
            allow_code=allow_code,
            compiling=compiling.value,
            precision=precision.value,
            workers=processes(workers),
            engine=engine.value,
            address=address,
            roots=folders("--root", root),
            progress=progress,
        )
        job = run_job(path, index, count, options)
    there = job.mine - job.computed - job.refused_shards
    write(
        f"job {index} of {count}: computed {job.computed} of its {job.mine} shards, "
        f"{there} were there; {job.shards} in all; nonce {job.nonce}\n"
    )
    for label, reason in job.refused.items():
        typer.echo(visible(f"{label}: cannot be computed: {reason}"), err=True)
    if job.refused:
        raise typer.Exit(MissingPart.exit_code)


@app.command()
def merge(
    path: Results,
    out: Out = AUDIT,
    device: Device = "auto",
    root: Roots = None,
    margin: Margins = None,
    fail_on: FailOn = None,
    require: Required = None,
    allow_code: AllowCode = False,
    max_memory: Memory = None,
    compiling: Compiling = Compile.AUTO,
    precision: InPrecision = Precision.DECLARED,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT[:FILE]", help="As of repaudit check; repeatable."),
    ] = None,
    quiet: Terse = False,
    no_color: NoColor = False,
) -> None:
    """Audit a file whose shards are all there.

    The same as repaudit check --mode full --resume, on the same kind of machine as the jobs.
    """
    from repaudit.check import CheckOptions
    from repaudit.check.array import refuse_incomplete

    refuse_incomplete(
        path,
        CheckOptions(
            out=out,
            resume=True,
            device=device,
            allow_code=allow_code,
            compiling=compiling.value,
            precision=precision.value,
            roots=folders("--root", root),
        ),
    )
    check(
        path,
        out=out,
        mode=Mode.FULL,
        resume=True,
        device=device,
        root=root,
        margin=margin,
        fail_on=fail_on,
        require=require,
        allow_code=allow_code,
        max_memory=max_memory,
        compiling=compiling,
        precision=precision,
        form=form,
        quiet=quiet,
        no_color=no_color,
    )
