"""``repaudit explain``: the page of one rule."""

import os
import sys
from typing import Annotated

import typer

from repaudit.cli.output import write


def explain(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="Its code or name: RA103, radius-off-grid.")
    ],
) -> None:
    """Show a rule's page: why, examples, references."""
    from repaudit.rules.explain import find_rule, page

    text = page(find_rule(rule).code)
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        write(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    with console.capture() as shown:
        console.print(Markdown(text))
    write(shown.get(), color=True)
