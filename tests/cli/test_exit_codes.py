"""How a command ends: its exit code, and which stream says what."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import COMMAND, ENVIRONMENT, repaudit, script

BROKEN_TABLE = """
import sys
import repaudit.tables.render as render
def broken(*_):
    raise ZeroDivisionError("planted")
render.render_table = broken
sys.argv = {arguments}
from repaudit.cli import main
main()
"""


def test_measure_says_what_it_wrote_and_leaves_nothing_else(measured: Path) -> None:
    assert {path.name for path in measured.iterdir()} == {
        "audio",
        "evidence",
        "model.safetensors",
        "plan.json",
        "results.json",
    }


def test_honest_file_ends_with_0_and_the_report_alone_on_stdout(study: Path) -> None:
    ended = repaudit("check", "results.json", "--device", "cpu", cwd=study)
    assert ended.returncode == 0
    assert ended.stderr.startswith("plan: risk-limiting at a risk of 1 %, about ")
    audit = json.loads((study / "repaudit-audit" / "audit.json").read_text(encoding="utf-8"))
    assert ended.stdout.startswith(audit["subject"]["title"])
    assert audit["nonce"] in ended.stdout
    for name in ("audit.json", "audit.html", "audit.md"):
        assert f"repaudit-audit/{name}" in ended.stdout


def test_quiet_prints_one_line(study: Path) -> None:
    ended = repaudit("check", "results.json", "--static", "--quiet", cwd=study)
    assert (ended.returncode, ended.stderr, ended.stdout.count("\n")) == (0, "", 1)


def test_evidence_that_is_not_the_declared_file_ends_with_1(study: Path) -> None:
    with (study / "evidence" / "waveform-high.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    ended = repaudit("check", "results.json", "--static", cwd=study)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "waveform-high.csv" in ended.stdout


def test_plan_has_nothing_to_check_and_ends_with_3(study: Path) -> None:
    ended = repaudit("check", "plan.json", cwd=study)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert "repaudit measure" in " ".join(ended.stdout.split())


@pytest.mark.parametrize(("level", "exit_code"), [("L2", 0), ("L3", 3)])
def test_level_that_static_cannot_reach_ends_with_3(
    study: Path, level: str, exit_code: int
) -> None:
    ended = repaudit("check", "results.json", "--static", "--require", level, cwd=study)
    assert (ended.returncode, ended.stderr) == (exit_code, "")


def test_device_that_is_not_there_ends_with_3(study: Path) -> None:
    ended = repaudit("check", "results.json", "--device", "cuda:99", cwd=study)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("error: ")
    assert "Try: " in ended.stderr


@pytest.mark.parametrize("debug", [False, True])
def test_fault_of_the_tool_ends_with_70_and_a_traceback_only_on_request(
    study: Path, debug: bool
) -> None:
    arguments = ["repaudit", *["--debug"] * debug, "table", "results.json"]
    ended = script(BROKEN_TABLE.format(arguments=arguments), cwd=study)
    assert (ended.returncode, ended.stdout) == (70, "")
    assert "fault in repaudit: ZeroDivisionError: planted" in ended.stderr
    assert ("Traceback" in ended.stderr) == debug


def test_debug_moves_no_exit_code(tmp_path: Path) -> None:
    ended = repaudit("--debug", "check", "nothing.json", cwd=tmp_path)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [["--static"], ["--static", "--require", "L3"]])
def test_reader_that_goes_away_moves_no_exit_code(study: Path, arguments: list[str]) -> None:
    command = [*COMMAND, "check", "results.json", *arguments]
    listened = subprocess.run(command, cwd=study, env=ENVIRONMENT, capture_output=True, check=False)
    with subprocess.Popen(
        command, cwd=study, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as deaf:
        assert deaf.stdout is not None
        assert deaf.stderr is not None
        deaf.stdout.close()
        assert deaf.stderr.read() == b""
    assert deaf.returncode == listened.returncode


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_full_disk_behind_stdout_is_one_clear_message() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*COMMAND, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr == (
        "error: standard output: expected a place to write, found no space left on device\n"
    )
