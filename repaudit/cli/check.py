"""``repaudit check``: the audit."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.arguments import Gate, Level, memory, named


def check(
    path: Annotated[Path, typer.Argument(help="The results file.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the audit and its evidence.")
    ] = Path("repaudit-audit"),
    static: Annotated[
        bool, typer.Option("--static", help="Declared numbers and files only; no network is run.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from an interrupted run in --out.")
    ] = False,
    device: Annotated[
        str, typer.Option(metavar="auto|cpu|cuda[:N]", help="Where to run.")
    ] = "auto",
    root: Annotated[
        list[str] | None, typer.Option(metavar="NAME=DIR", help="A named folder of files.")
    ] = None,
    margin: Annotated[
        list[str] | None,
        typer.Option(metavar="FAMILY=SIZE", help="Materiality, such as radius=1% or snr=0.1."),
    ] = None,
    nonce: Annotated[
        str | None, typer.Option(metavar="HEX", help="Reproduce an audit: its 32 digits.")
    ] = None,
    fail_on: Annotated[
        list[Gate] | None, typer.Option(help="What ends with 1; repeatable [default: error].")
    ] = None,
    require: Annotated[Level | None, typer.Option(help="The level that must be reached.")] = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Let entry points of the file run.")
    ] = False,
    max_memory: Annotated[
        str | None, typer.Option("--memory", metavar="SIZE", help="Bound, such as 4G.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Rows in flight; moves no count.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the ending only.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours.")] = False,
) -> None:
    """Audit a results file: its arithmetic, its released counts, and a re-run."""
    from repaudit.check import CheckOptions
    from repaudit.check import check as run
    from repaudit.check.outputs import write_outputs
    from repaudit.cli.progress import progress_bar
    from repaudit.cli.summary import print_summary

    with progress_bar(quiet=quiet, no_color=no_color) as progress:
        audit = run(
            path,
            CheckOptions(
                static=static,
                out=out,
                resume=resume,
                nonce=nonce,
                device=device,
                memory_bytes=memory(max_memory),
                batch_size=batch_size,
                allow_code=allow_code,
                roots={name: Path(folder) for name, folder in named("--root", root).items()},
                margins=named("--margin", margin),
                fail_on=tuple(gate.value for gate in fail_on or [Gate.ERROR]),
                require=None if require is None else require.value,
                progress=progress,
            ),
        )
    files = write_outputs(audit, out)
    print_summary(audit, files, quiet=quiet, no_color=no_color)
    raise typer.Exit(audit.exit_code)
