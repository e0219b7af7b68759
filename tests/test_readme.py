"""What README.md says exists, exists, and is called that."""

import re
from pathlib import Path

from typer.main import get_command

from repaudit._core.disk import CannotWrite
from repaudit._core.errors import ContractError, InputError, MissingPart
from repaudit.audit.comparison import Verdict
from repaudit.cli.app import FAULT_OF_THE_TOOL, app
from repaudit.cli.arguments import Gate
from repaudit.cli.interrupted import Interrupted, Terminated
from tests.docs.pages import typed

STOPPED = (Interrupted.exit_code, Terminated.exit_code)
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOOL = get_command(app)
COMMANDS = TOOL.commands  # type: ignore[attr-defined]


def is_option(text: str) -> bool:
    """Say whether an option exists, in any command."""
    among = list(COMMANDS.values())
    among += [sub for one in among for sub in getattr(one, "commands", {}).values()]
    return any(text in parameter.opts for one in among for parameter in one.params)


def test_readme_names_every_command() -> None:
    assert {line.split()[1] for line in typed(ROOT / "README.md")} == set(COMMANDS)


def test_options_of_the_prose_exist() -> None:
    mentioned = set(re.findall(r"`(--[a-z-]+)", README))
    assert mentioned
    assert [option for option in sorted(mentioned) if not is_option(option)] == []


def test_choices_of_the_readme_exist() -> None:
    gates = re.search(r"`--fail-on (\w+)`, `(\w+)` or `(\w+)`", README)
    assert gates is not None
    assert {*gates.groups()} < {gate.value for gate in Gate}


def test_exit_codes_are_those_of_the_tool() -> None:
    rows = {int(code): said for code, said in re.findall(r"^\| (\d+) \| (.+) \|$", README, re.M)}
    assert sorted(rows) == [0, 1, 2, 3, FAULT_OF_THE_TOOL, *STOPPED]
    assert InputError.exit_code == ContractError.exit_code == 2
    assert "not valid JSON" in rows[2]
    assert MissingPart.exit_code == 3
    assert "missing" in rows[3]
    assert "fault of repaudit" in rows[FAULT_OF_THE_TOOL]
    assert all("--resume" in rows[code] for code in STOPPED)
    assert CannotWrite.exit_code == 3
    assert "disk is full" in rows[3]


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


def test_extras_exist() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set(re.findall(r"repaudit\[(\w+)\]", README))
    assert named <= set(project["optional-dependencies"])
