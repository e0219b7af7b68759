"""``rules``, ``explain``, ``selftest`` and ``--select``/``--ignore``, as a user runs them."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from repaudit.rules._registry import registry
from repaudit.rules.explain import page
from tests.cli.commands import repaudit

TEMPLATE = Path(__file__).parents[2] / "templates" / "results.json"


def listed(*arguments: str) -> list[list[str]]:
    ended = repaudit("rules", *arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    head, *rows = ended.stdout.splitlines()
    assert head.split() == ["code", "severity", "certainty", "rule", "title"]
    return [row.split(maxsplit=4) for row in rows]


def test_rules_prints_one_plain_line_per_rule_into_a_pipe() -> None:
    assert listed() == [
        [e.code, e.check.severity, e.check.certainty, e.name, e.page.title]
        for e in registry().values()
    ]


def test_rules_of_two_families_and_one_severity() -> None:
    rows = listed("--family", "1xx", "--family", "4xx", "--severity", "warning")
    expected = [
        entry.code
        for entry in registry().values()
        if entry.code[2] in "14" and entry.check.severity == "warning"
    ]
    assert [row[0] for row in rows] == expected != []


@pytest.mark.parametrize("family", ["1", "xx", "11xx", "Axx"])
def test_family_that_is_none_is_refused(family: str) -> None:
    ended = repaudit("rules", "--family", family)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "0xx, 1xx" in ended.stderr


@pytest.mark.parametrize("rule", ["RA103", "ra103", "radius-off-grid", "Radius-Off-Grid"])
def test_explain_shows_the_page_of_a_code_or_name(rule: str) -> None:
    ended = repaudit("explain", rule)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", page("RA103"))


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("RA108", "RA107"), ("103", "RA103"), ("RA999", "RA930"), ("radius-of-grid", "RA103")],
)
def test_explain_of_no_rule_ends_with_2_and_the_closest_code(wrong: str, meant: str) -> None:
    ended = repaudit("explain", wrong)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"Try: repaudit explain {meant}\n" in ended.stderr


def test_selftest_prints_a_line_per_rule_and_a_total() -> None:
    ended = repaudit("selftest")
    assert (ended.returncode, ended.stderr) == (0, "")
    *lines, total = ended.stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["ok", entry.code, entry.name] for entry in registry().values()
    ]
    assert total.startswith(f"{len(lines)} rules: ")


@pytest.fixture
def contradicted(tmp_path: Path) -> Path:
    """A file whose maximal radius is above the ceiling, an error of RA101 (its page's example)."""
    document = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    document["evaluations"]["spoken-words"]["claims"] = [
        {"metric": "certified_radius", "statistic": "max", "population": "all", "value": "9.9"}
    ]
    document["contracts"]["waveform"]["scale"] = ["certified_radius"]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def audited(path: Path, *options: str) -> tuple[int, dict[str, Any], str]:
    ended = repaudit("check", path.name, "--static", *options, cwd=path.parent)
    assert ended.stderr == ""
    text = (path.parent / "repaudit-audit" / "audit.json").read_text(encoding="utf-8")
    return ended.returncode, json.loads(text), ended.stdout


def skipped(audit: dict[str, Any]) -> dict[str, str | None]:
    return {rule["code"]: rule["skipped"] for rule in audit["rules"]}


def status(audit: dict[str, Any], level: str) -> str:
    (found,) = (str(rung["status"]) for rung in audit["levels"] if rung["id"] == level)
    return found


def test_every_rule_runs_unless_asked_otherwise(contradicted: Path) -> None:
    code, audit, _ = audited(contradicted)
    assert (code, status(audit, "L1")) == (1, "failed")
    assert "RA101" in {finding["code"] for finding in audit["findings"]}


def test_ignored_error_rule_is_said_and_no_level_is_passed_on_it(contradicted: Path) -> None:
    code, audit, shown = audited(contradicted, "--ignore", "RA101", "--ignore", "ra2")
    errors = sum(
        entry.check.severity == "error"
        for entry in registry().values()
        if entry.code == "RA101" or entry.code.startswith("RA2")
    )
    assert "RA101" not in {finding["code"] for finding in audit["findings"]}
    assert (code, status(audit, "L1"), audit["level"]) == (0, "not_checked", "L0")
    assert skipped(audit)["RA101"] == skipped(audit)["RA204"] == "not selected"
    assert f"{errors} error rules" in shown
    assert "not selected" in shown
    assert "Self-consistent" not in shown


def test_selected_rules_run_with_those_they_rest_on_alone(contradicted: Path) -> None:
    _, audit, _ = audited(contradicted, "--select", "RA101,RA701")
    ran = {code for code, reason in skipped(audit).items() if reason is None}
    needed = {"RA101", "RA701", "RA041"}
    for code in ("RA101", "RA701"):
        needed |= set(registry()[code].check.requires)
    assert needed <= ran
    assert "RA204" not in ran
    assert set(skipped(audit).values()) == {None, "not selected"}


def test_selection_is_recorded_and_repeated_by_the_command(contradicted: Path) -> None:
    _, audit, shown = audited(contradicted, "--select", "RA1,RA2", "--ignore", "RA101")
    assert audit["options"]["select"] == ["RA1", "RA2"]
    assert audit["options"]["ignore"] == ["RA101"]
    again = next(line for line in shown.splitlines() if line.startswith("Again"))
    words = shlex.split(again)[3:]
    _, repeated, _ = audited(contradicted, *words[1:])
    assert repeated["options"] == audit["options"]
    assert repeated["findings"] == audit["findings"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "RA999"], "RA930"),
        (["--ignore", "radius"], "RA103 or RA4"),
        (["--select", "RA1,"], "CODE[,CODE]"),
        (["--ignore", "RA0"], "RA041"),
    ],
)
def test_selection_that_cannot_be_is_refused(
    contradicted: Path, options: list[str], said: str
) -> None:
    ended = repaudit("check", contradicted.name, "--static", *options, cwd=contradicted.parent)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
