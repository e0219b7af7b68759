"""``repaudit measure``: the author's side of the standard."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.arguments import (
    Address,
    AllowCode,
    BatchSize,
    Compile,
    Compiling,
    Device,
    Engine,
    Memory,
    NoColor,
    Roots,
    Silent,
    Where,
    Workers,
    folders,
    memory,
)
from repaudit.cli.arguments import workers as processes
from repaudit.cli.interrupted import resumable
from repaudit.cli.output import write


def measure(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="A results file without values, of kind plan.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            dir_okay=False,
            help="The results file to write, in the plan's own folder.",
        ),
    ],
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="N", help="Seed of the noise, written into the file.  [default: fresh]"
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run of this plan.")
    ] = False,
    device: Device = "auto",
    root: Roots = None,
    allow_code: AllowCode = False,
    max_memory: Memory = None,
    batch_size: BatchSize = None,
    compiling: Compiling = Compile.AUTO,
    workers: Workers = None,
    engine: Engine = Where.LOCAL,
    address: Address = None,
    quiet: Silent = False,
    no_color: NoColor = False,
) -> None:
    """Run a plan; write its results file and the released counts."""
    from repaudit.check import CheckOptions
    from repaudit.check.rerun import JOURNAL
    from repaudit.cli.progress import progress_bar
    from repaudit.measure import measure as run

    work = output.with_name(f".{output.stem}-measure")
    with (
        resumable(work / JOURNAL),
        progress_bar(quiet=quiet, no_color=no_color) as progress,
    ):
        measured = run(
            plan,
            output,
            _seed(seed, work, resume=resume),
            CheckOptions(
                out=work,
                resume=resume,
                device=device,
                memory_bytes=memory(max_memory),
                batch_size=batch_size,
                compiling=compiling.value,
                workers=processes(workers),
                engine=engine.value,
                address=address,
                allow_code=allow_code,
                roots=folders("--root", root),
                progress=progress,
            ),
        )
    write(
        f"wrote {measured.path}: {measured.claims} claims from {measured.forwards:,} forwards, "
        f"seed {measured.seed}\n  Try: repaudit check {measured.path}\n"
    )


def _seed(given: int | None, work: Path, *, resume: bool) -> int:
    """Return the seed that was given, that of the interrupted run, or a fresh one."""
    if resume:
        from repaudit.check.rerun import journal_nonce

        begun_with = int(journal_nonce(work))
        return begun_with if given is None else given
    if given is not None:
        return given
    import secrets

    return secrets.randbits(31)
