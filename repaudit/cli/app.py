"""The commands, and how a run ends when something is wrong."""

import sys
from typing import Annotated

import typer

from repaudit import __version__
from repaudit._core.errors import RepauditError
from repaudit.cli import (
    aliasing,
    badge,
    baseline,
    check,
    explain,
    gate,
    import_,
    init,
    measure,
    power,
    report,
    rules,
    schema,
    selftest,
    shard,
    table,
)
from repaudit.cli.interrupted import Interrupted
from repaudit.cli.output import write

FAULT_OF_THE_TOOL = 70

app = typer.Typer(
    name="repaudit",
    help="Audit randomized-smoothing certificates: what was declared, recomputed and re-run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check.check)
app.command()(gate.gate)
app.command()(baseline.baseline)
app.command()(measure.measure)
app.command()(power.power)
app.command()(aliasing.aliasing)
app.command()(report.report)
app.command()(badge.badge)
app.command()(table.table)
app.command()(init.init)
app.command()(schema.schema)
app.command()(rules.rules)
app.command()(explain.explain)
app.command()(selftest.selftest)
app.add_typer(import_.app, name="import")
app.add_typer(shard.app, name="shard")


def _print_version(wanted: bool) -> None:
    if wanted:
        write(f"repaudit {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; every foreseen ending has its exit code and one clear message."""
    try:
        app(prog_name="repaudit")
    except Interrupted as stopped:
        sys.exit(_end(str(stopped), stopped.exit_code))
    except RepauditError as error:
        sys.exit(_end(f"error: {error}", error.exit_code))
    except Exception as error:
        fault = f"fault in repaudit: {type(error).__name__}: {error}"
        advice = "  Try: the same command with repaudit --debug …, and report it"
        sys.exit(_end(f"{fault}\n{advice}", FAULT_OF_THE_TOOL))


def _end(message: str, exit_code: int) -> int:
    """Say how it ended, after the traceback when that was asked for."""
    if "--debug" in sys.argv[1:2]:
        import traceback

        traceback.print_exc()
    print(message, file=sys.stderr)
    return exit_code
