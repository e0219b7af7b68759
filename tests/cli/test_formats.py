"""``--format``: one run, many readers, and none of them takes a failure for a pass."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.commands import repaudit, script

EXAMPLE = Path(__file__).parents[2] / "examples" / "contradicted" / "inflated-accuracy"
STATIC = ("check", "results.json", "--static")
THREE = ("--format", "sarif:out.sarif", "--format", "junit:out/junit.xml", "--format", "github")
PLANTED = """
import sys
import repaudit.rules._run as run
def broken(*_, **__):
    raise ZeroDivisionError("planted")
import repaudit.check.find as find
find.run_rules = broken
sys.argv = {arguments}
from repaudit.cli import main
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file whose released counts refute its accuracy."""
    return shutil.copytree(EXAMPLE, tmp_path / "study")


def test_one_audit_serves_code_scanning_a_test_page_and_annotations(folder: Path) -> None:
    ended = repaudit(*STATIC, *THREE, cwd=folder)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert all(line.startswith("::") for line in ended.stdout.splitlines())
    (run,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["exitCode"] == 1
    assert any(result["level"] == "error" for result in run["results"])
    assert "## Why" in run["tool"]["driver"]["rules"][0]["help"]["markdown"]
    root = ET.parse(folder / "out" / "junit.xml").getroot()
    assert int(root.get("failures", "0")) >= 1
    assert (folder / "repaudit-audit" / "audit.json").is_file()


def test_an_absolute_path_is_relative_to_where_the_command_runs(folder: Path) -> None:
    arguments = ("check", folder / "results.json", "--static", "--format", "github")
    assert "file=results.json,line=" in repaudit(*arguments, cwd=folder).stdout


def test_report_gives_what_check_gave(folder: Path) -> None:
    repaudit(*STATIC, *THREE, cwd=folder)
    wanted = ("--format", "sarif:again.sarif", "--format", "junit:again.xml")
    ended = repaudit("report", "repaudit-audit/audit.json", *wanted, cwd=folder)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    for one, two in (("again.sarif", "out.sarif"), ("again.xml", "out/junit.xml")):
        assert (folder / one).read_bytes() == (folder / two).read_bytes()


def test_output_is_where_the_format_without_a_file_goes(folder: Path) -> None:
    repaudit(*STATIC, cwd=folder)
    wanted = ("--format", "junit", "-o", "j.xml")
    ended = repaudit("report", "repaudit-audit/audit.json", *wanted, cwd=folder)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ET.parse(folder / "j.xml").getroot().tag == "testsuites"


def test_a_fault_of_the_tool_replaces_the_pass_of_yesterday(folder: Path) -> None:
    stale = '{"runs": "the pass of yesterday"}'
    for name in ("out.sarif", "out.json"):
        (folder / name).write_text(stale, encoding="utf-8")
    arguments = ["repaudit", *STATIC, *THREE, "--format", "json:out.json"]
    ended = script(PLANTED.format(arguments=arguments), cwd=folder)
    assert ended.returncode == 70
    assert ended.stdout.startswith("::error file=results.json")
    assert "planted" in ended.stderr
    (run,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["exitCode"] == 70
    assert [result["level"] for result in run["results"]] == ["error"]
    assert ET.parse(folder / "out" / "junit.xml").getroot().get("errors") == "1"
    # JSON has no way to say that there is no audit, and no file is better than an old one
    assert not (folder / "out.json").exists()


def test_an_interrupted_run_leaves_a_failure_too(folder: Path) -> None:
    planted = PLANTED.replace('ZeroDivisionError("planted")', "KeyboardInterrupt")
    arguments = ["repaudit", *STATIC, "--format", "sarif:out.sarif"]
    ended = script(planted.format(arguments=arguments), cwd=folder)
    assert (ended.returncode, ended.stdout) == (130, "")
    (run,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["exitCode"] == 130


def test_a_file_that_is_none_leaves_a_failure_too(folder: Path) -> None:
    (folder / "results.json").write_text("{}", encoding="utf-8")
    ended = repaudit(*STATIC, *THREE, cwd=folder)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: results.json:1:1")
    (run,) = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["exitCode"] == 2
    assert len(ended.stdout.splitlines()) == 1


def test_a_gate_that_fails_leaves_a_failure_too(folder: Path) -> None:
    ended = repaudit(
        "gate", "none.json", "--results", "results.json", "--format", "junit:j.xml", cwd=folder
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ET.parse(folder / "j.xml").getroot().get("errors") == "1"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (("pdf",), "--format: expected one of github, html, json, junit, markdown, sarif, text"),
        (("sarif:",), "--format: expected FORMAT:FILE"),
        (("sarif:evidence",), "--format sarif: expected a file, found the folder evidence"),
        (("sarif", "json"), "expected one format on standard output, found sarif and json"),
        (("sarif:a", "json:a"), "expected every file once, found one twice"),
    ],
)
def test_formats_that_make_no_sense_are_refused(
    folder: Path, wanted: tuple[str, ...], said: str
) -> None:
    options = [part for text in wanted for part in ("--format", text)]
    ended = repaudit("gate", "a.json", "--results", "results.json", *options, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize("command", ["check", "report", "gate"])
def test_help_names_every_format(command: str) -> None:
    from repaudit.report.formats import FORMATS

    described = repaudit(command, "--help").stdout.partition("--format")[2]
    assert [form for form in FORMATS if form not in described] == []


def test_text_and_annotations_may_share_standard_output(folder: Path) -> None:
    ended = repaudit(*STATIC, "--format", "text", "--format", "github", cwd=folder)
    assert "Contradicted" in ended.stdout.splitlines()[3]
    assert "\n::error file=results.json" in ended.stdout


def test_a_baseline_goes_from_an_audit_through_a_file_to_a_pass(folder: Path) -> None:
    assert repaudit(*STATIC, cwd=folder).returncode == 1
    written = ("-o", "baseline.json", "--reason", "erratum sent", "--expires", "2999-01-01")
    made = repaudit("baseline", "repaudit-audit/audit.json", *written, cwd=folder)
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    passed = repaudit(*STATIC, "--baseline", "baseline.json", cwd=folder)
    assert passed.returncode == 0
    assert "accepted until 2999-01-01: erratum sent" in " ".join(passed.stdout.split())
    assert "Contradicted" in passed.stdout
    audit = ("repaudit-audit/audit.json", "--results", "results.json")
    assert repaudit("gate", *audit, cwd=folder).returncode == 1
    gated = repaudit("gate", *audit, "--baseline", "baseline.json", cwd=folder)
    assert (gated.returncode, "accepted until 2999-01-01" in gated.stdout) == (0, True)


def test_the_gate_answers_in_lines_and_names_the_command_of_a_re_run(folder: Path) -> None:
    repaudit(*STATIC, cwd=folder)
    arguments = ("repaudit-audit/audit.json", "--results", "results.json", "--require", "L3")
    ended = repaudit("gate", *arguments, cwd=folder)
    assert (ended.returncode, ended.stderr) == (1, "")
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("✓ the results file is the audited one: sha256 ")
    assert any(line.startswith("○") and "can be forged" in line for line in lines)
    assert any(line.startswith("results.json:") for line in lines)
    assert lines[-1].startswith("Re-run    repaudit check results.json --nonce ")


@pytest.mark.parametrize("text", ["soon", "0d", "-1", "90x"])
def test_an_age_that_is_no_number_of_days_is_refused(folder: Path, text: str) -> None:
    arguments = ("a.json", "--results", "results.json", "--max-age", text)
    ended = repaudit("gate", *arguments, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--max-age: expected a number of days such as 90d" in ended.stderr
