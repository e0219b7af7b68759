"""``repaudit measure``: the author's side of the standard."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.arguments import memory, named


def measure(
    plan: Annotated[Path, typer.Argument(help="A file of study.kind plan.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="In the plan's own folder.")
    ],
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the noise; written into the file.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run (same --seed).")
    ] = False,
    device: Annotated[
        str, typer.Option(metavar="auto|cpu|cuda[:N]", help="Where to run.")
    ] = "auto",
    root: Annotated[
        list[str] | None, typer.Option(metavar="NAME=DIR", help="A named folder of files.")
    ] = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Let entry points of the file run.")
    ] = False,
    max_memory: Annotated[
        str | None, typer.Option("--memory", metavar="SIZE", help="Bound, such as 4G.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Rows in flight; moves no count.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours.")] = False,
) -> None:
    """Run a plan and write its results file, with counts per example as evidence."""
    from repaudit.check import CheckOptions
    from repaudit.cli.progress import progress_bar
    from repaudit.measure import measure as run

    chosen = secrets.randbits(31) if seed is None else seed
    with progress_bar(quiet=quiet, no_color=no_color) as progress:
        measured = run(
            plan,
            output,
            chosen,
            CheckOptions(
                out=output.with_name(f".{output.stem}-measure"),
                resume=resume,
                device=device,
                memory_bytes=memory(max_memory),
                batch_size=batch_size,
                allow_code=allow_code,
                roots={name: Path(folder) for name, folder in named("--root", root).items()},
                progress=progress,
            ),
        )
    typer.echo(
        f"wrote {measured.path}: {measured.claims} claims from {measured.forwards:,} forwards, "
        f"seed {measured.seed}\n  Try: repaudit check {measured.path}"
    )
