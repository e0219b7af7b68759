"""Every command line of every page parses: the command, its options, their choices."""

import shlex
from typing import Any

import pytest
from typer import BadParameter
from typer.main import get_command

from repaudit.cli.app import app
from tests.docs.pages import PAGES, ROOT, typed

TOOL: Any = get_command(app)
UsageError = BadParameter.__mro__[1]
"""What a wrong option raises, of whichever parser Typer uses."""
LINES = sorted({(page, line) for page in PAGES for line in typed(page)})


def parse(line: str) -> None:
    """Parse a command line as the tool does; in prose its file may be left out."""
    given = shlex.split(line.replace("…", "x"), comments=True)[1:]
    words = [word for word in given if not word.startswith("$")]
    command = TOOL
    while hasattr(command, "commands") and words:
        command = command.commands[words.pop(0)]
    try:
        command.make_context(command.name, words)
    except UsageError as error:
        if type(error).__name__ != "MissingParameter":
            raise


@pytest.mark.parametrize(
    "line",
    [line for _, line in LINES],
    ids=[f"{page.relative_to(ROOT)}: {line}" for page, line in LINES],
)
def test_a_command_line_of_a_page_parses(line: str) -> None:
    parse(line)


@pytest.mark.parametrize(
    "wrong", ["repaudit chekc a", "repaudit check a --fast", "repaudit check a --mode half"]
)
def test_a_wrong_line_does_not(wrong: str) -> None:
    with pytest.raises((KeyError, UsageError)):
        parse(wrong)


def test_pages_of_every_kind_are_looked_at() -> None:
    assert {"README.md", "docs/tutorial.md", "docs/gate.md", "examples/aliasing/README.md"} <= {
        page.relative_to(ROOT).as_posix() for page, _ in LINES
    }
