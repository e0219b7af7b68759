"""What README.md says exists, exists, and is called that."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from repaudit._core.errors import ContractError, InputError, MissingPart
from repaudit.audit.comparison import Verdict
from repaudit.cli.app import FAULT_OF_THE_TOOL, app
from repaudit.cli.interrupted import Interrupted

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOOL = get_command(app)
COMMANDS = TOOL.commands  # type: ignore[attr-defined]


def named_commands() -> list[str]:
    """Return every ``repaudit …`` of a code block or between backticks."""
    blocks = re.findall(r"```\w*\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    in_blocks = [found[0] for line in lines if (found := re.search(r"\brepaudit \w.*", line))]
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL)
    return in_blocks + re.findall(r"`(repaudit [^`]+)`", prose)


def is_option(text: str, command: str | None) -> bool:
    """Say whether an option exists, in one command or in any."""
    among = list(COMMANDS.values()) if command is None else [COMMANDS[command]]
    among += [sub for one in among for sub in getattr(one, "commands", {}).values()]
    return any(text in parameter.opts for one in among for parameter in one.params)


def test_readme_names_every_command() -> None:
    assert {line.split()[1] for line in named_commands()} == set(COMMANDS)


@pytest.mark.parametrize("line", named_commands())
def test_commands_of_the_readme_exist_with_their_options(line: str) -> None:
    _, command, *arguments = shlex.split(line.partition(" #")[0])
    options = [argument.partition("=")[0] for argument in arguments if argument.startswith("-")]
    assert command in COMMANDS
    assert [option for option in options if not is_option(option, command)] == []


def test_options_of_the_prose_exist() -> None:
    mentioned = set(re.findall(r"`(--[a-z-]+)", README))
    assert mentioned
    assert [option for option in sorted(mentioned) if not is_option(option, None)] == []


def test_choices_of_the_readme_exist() -> None:
    gates = re.search(r"`--fail-on (\w+)`, `(\w+)` or `(\w+)`", README)
    assert gates is not None
    known = re.search(r"help=\"(error[^:]*):", (ROOT / "repaudit/cli/check.py").read_text())
    assert known is not None
    assert all(gate in known[1] for gate in gates.groups())


def test_exit_codes_are_those_of_the_tool() -> None:
    rows = {int(code): said for code, said in re.findall(r"^\| (\d+) \| (.+) \|$", README, re.M)}
    assert sorted(rows) == [0, 1, 2, 3, FAULT_OF_THE_TOOL, Interrupted.exit_code]
    assert InputError.exit_code == ContractError.exit_code == 2
    assert "not valid JSON" in rows[2]
    assert MissingPart.exit_code == 3
    assert "missing" in rows[3]
    assert "fault of repaudit" in rows[FAULT_OF_THE_TOOL]
    assert "--resume" in rows[Interrupted.exit_code]


def test_verdicts_are_those_of_an_audit() -> None:
    table = README.partition("| verdict |")[2].partition("\n\n")[0]
    first_cells = "".join(line.split("|")[1] for line in table.splitlines()[1:])
    assert set(re.findall(r"`(\w+)`", first_cells)) == {verdict.value for verdict in Verdict}


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pages = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^make (\w+)|`make (\w+)`", pages, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert {first or second for first, second in wanted} <= targets


def test_python_lines_run() -> None:
    lines = re.findall(r"`(from repaudit[^`]+)`", README)
    assert lines
    for line in lines:
        exec(line, {})


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_links_lead_somewhere(target: str) -> None:
    assert "://" in target or (ROOT / target).is_file()


def test_extras_exist() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(re.findall(r"repaudit\[(\w+)\]", README))
    assert named <= set(project["optional-dependencies"])
