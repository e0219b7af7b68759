"""The page that tells others how to gate, the action and the hooks: parsed, pinned, and run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from repaudit.check import CheckOptions
from repaudit.check.baseline_file import load_baseline
from repaudit.measure import measure
from tests.studies import some_plan, write_json

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
)
WIDE = {"accuracy": 100, "radius": 10, "snr": 1000, "geometry": 10}
"""Margins so wide that six clips settle everything: what is tested is the plumbing."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def shell(line: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command line as it stands, with repaudit on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "100", **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose author followed the page: audited once, and a paper with its table."""
    folder = tmp_path_factory.mktemp("gate") / "study"
    folder.mkdir()
    document = some_plan(folder)
    document["evaluations"]["waveform-high"]["sigma"] = "0.1"
    document["materiality"] = WIDE
    plan = write_json(folder / "plan.json", document)
    measure(plan, folder / "results.json", seed=1, options=CheckOptions(device="cpu"))
    ended = shell(blocks("sh")[0].partition("\ngit ")[0], folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = shell("repaudit table results.json --format latex -o paper.tex", folder)
    assert ended.returncode == 0
    return folder


@pytest.fixture
def folder(committed: Path, tmp_path: Path) -> Path:
    """A clone without recordings and weights."""
    folder = shutil.copytree(committed, tmp_path / "study")
    shutil.rmtree(folder / "audio")
    (folder / "model.safetensors").unlink()
    return folder


def commands() -> list[str]:
    lines = "\n".join(blocks("sh")).splitlines()
    return [line for line in lines if line.startswith("repaudit") and " check " not in line]


@pytest.mark.slow
def test_every_command_of_the_page_runs_in_order(folder: Path) -> None:
    assert len(commands()) == 6
    for line in commands():
        ended = shell(line, folder)
        assert (line, ended.returncode, ended.stderr) == (line, 0, "")


def test_the_baseline_of_the_page_is_one(tmp_path: Path) -> None:
    (text,) = blocks("json")
    (tmp_path / "baseline.json").write_text(text, encoding="utf-8")
    (entry,) = load_baseline(tmp_path / "baseline.json").entries
    assert entry.code == "overstated"


@pytest.mark.slow
def test_the_gitlab_job_runs_as_it_stands(folder: Path) -> None:
    job = next(
        found["repaudit"]
        for text in blocks("yaml")
        if "repaudit" in (found := yaml.safe_load(text))
    )
    install, run = job["script"]
    assert install.startswith("pip install 'repaudit==")
    ended = shell(run, folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    report = job["artifacts"]["reports"]["junit"]
    assert ET.parse(folder / report).getroot().get("failures") == "0"


def test_the_github_job_gives_the_action_inputs_that_it_has() -> None:
    job = next(found for text in blocks("yaml") if "jobs" in (found := yaml.safe_load(text)))
    steps = job["jobs"]["gate"]["steps"]
    (ours,) = [step for step in steps if "/repaudit@" in step["uses"]]
    assert set(ours["with"]) <= set(ACTION["inputs"])
    (upload,) = [step for step in steps if "upload-sarif" in step["uses"]]
    assert upload["if"] == "always()"
    assert upload["with"]["sarif_file"] == ACTION["inputs"]["sarif"]["default"]


def test_the_hooks_of_the_page_exist() -> None:
    page = next(found for text in blocks("yaml") if "repos" in (found := yaml.safe_load(text)))
    wanted = {hook["id"] for hook in page["repos"][0]["hooks"]}
    assert wanted <= {hook["id"] for hook in HOOKS}


def step(name: str) -> dict[str, Any]:
    (found,) = [one for one in ACTION["runs"]["steps"] if one.get("name") == name]
    return dict(found)


def variables(folder: Path, **inputs: str) -> dict[str, str]:
    """Return the variables of the step as the runner makes them of inputs and defaults."""
    given = {name: declared["default"] for name, declared in ACTION["inputs"].items()} | inputs
    found = {}
    for variable, expression in step("Audit")["env"].items():
        match = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", expression)
        assert match is not None
        found[variable] = given[match[1]]
    return {**found, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}


def test_no_input_stands_inside_a_script_and_every_action_is_pinned() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")
        if "run" in one:
            assert one["shell"] == "bash"
    for line in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_the_install_step_takes_torch_only_where_something_is_re_run(tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    fake.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    for audit, static, wanted in (
        ("", "false", "/a[rerun]"),
        ("x", "false", "/a"),
        ("", "true", "/a"),
    ):
        ended = subprocess.run(
            ["bash", "-c", step("Install repaudit")["run"]],
            env={**os.environ, "PATH": path, "ACTION": "/a", "AUDIT": audit, "STATIC": static},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert ended.stdout.splitlines()[-1] == wanted
        assert "/a/constraints.txt" in ended.stdout


@pytest.mark.slow
def test_the_action_gates_a_committed_audit(folder: Path) -> None:
    given = variables(folder, audit="audit/audit.json", require="L3", **{"max-age": "90d"})
    ended = shell(step("Audit")["run"], folder, **given)
    assert ended.returncode == 0, ended.stderr
    assert "can be forged" in ended.stderr
    assert "::notice title=repaudit::" in ended.stdout
    (run,) = json.loads((folder / "repaudit.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is True
    assert (folder / "repaudit.junit.xml").is_file()
    assert (folder / "summary.md").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize(("require", "exit_code"), [("L2", 0), ("L3", 3)])
def test_the_action_audits_without_a_network(folder: Path, require: str, exit_code: int) -> None:
    given = variables(folder, static="true", require=require)
    ended = shell(step("Audit")["run"], folder, **given)
    assert ended.returncode == exit_code
    (run,) = json.loads((folder / "repaudit.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is (exit_code == 0)


@pytest.mark.slow
def test_a_file_name_is_not_a_command(folder: Path) -> None:
    given = variables(
        folder, results="x; touch planted", static="true", baseline="$(touch planted)"
    )
    assert shell(step("Audit")["run"], folder, **given).returncode == 2
    assert not (folder / "planted").exists()


@pytest.mark.slow
@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_every_hook_runs_as_it_stands(folder: Path, hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    ended = shell(" ".join([hook["entry"], *hook["args"]]), folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.search(hook["files"], "study/results.json")
