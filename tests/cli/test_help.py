"""The help texts: every option once, in whole sentences, on a terminal of 80 columns."""

import re

import pytest
from typer.main import get_command

from repaudit.cli.app import app
from tests.cli.commands import WIDTH, repaudit

ROOT = get_command(app)
COMMANDS = sorted(ROOT.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option_once_and_says_what_it_does(command: str) -> None:
    ended = repaudit(command, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    shown = re.findall(r"^  (?:-\w, )?(--[\w-]+)", ended.stdout, re.MULTILINE)
    parameters = ROOT.commands[command].params  # type: ignore[attr-defined]
    declared = [p.opts[-1] for p in parameters if p.param_type_name == "option"]
    assert shown == [*declared, "--help"]
    assert all(p.help and p.help.endswith((".", "]")) for p in parameters)


@pytest.mark.parametrize("arguments", [[], *([command] for command in COMMANDS)])
def test_help_fits_a_terminal_of_80_columns(arguments: list[str]) -> None:
    lines = repaudit(*arguments, "--help").stdout.splitlines()
    assert max(map(len, lines)) <= WIDTH


def test_list_of_commands_is_not_cut_off() -> None:
    shown = repaudit("--help").stdout
    listed = shown.partition("Commands:\n")[2].splitlines()
    assert sorted(line.split()[0] for line in listed) == COMMANDS
    assert all(line.endswith(".") and not line.endswith("..") for line in listed)
