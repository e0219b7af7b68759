"""The commands, and how a run ends when something is wrong."""

import sys
from typing import Annotated

import typer

from repaudit import __version__
from repaudit._core.errors import RepauditError
from repaudit.cli import check, init, measure, report, schema, table

FAULT_OF_THE_TOOL = 70
INTERRUPTED = 130

app = typer.Typer(
    name="repaudit",
    help="Audit randomized-smoothing certificates: what was declared, recomputed and re-run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check.check)
app.command()(measure.measure)
app.command()(report.report)
app.command()(table.table)
app.command()(init.init)
app.command()(schema.schema)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    if version:
        typer.echo(f"repaudit {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every foreseen ending has its exit code and one clear message."""
    try:
        app()
    except RepauditError as error:
        _reraise_in_debug()
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(INTERRUPTED)
    except Exception as error:
        _reraise_in_debug()
        print(f"fault in repaudit: {type(error).__name__}: {error}", file=sys.stderr)
        print("  Try: the same command with repaudit --debug …, and report it", file=sys.stderr)
        sys.exit(FAULT_OF_THE_TOOL)


def _reraise_in_debug() -> None:
    if "--debug" in sys.argv[1:2]:
        raise
