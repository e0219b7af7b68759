"""The library as a stranger's own code uses it: a plain loop, and a log of radii."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from repaudit.audit.comparison import Verdict
from repaudit.check import CheckOptions, check
from tests.studies import some_plan, write_json

SCRIPT = Path(__file__).parents[2] / "examples" / "library_use.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("library_use", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_plain_loop_is_recomputed_and_agrees_with_a_re_run(
    example: ModuleType, tmp_path: Path
) -> None:
    plan = write_json(tmp_path / "plan.json", some_plan(tmp_path))
    audit = example.own_loop(plan, tmp_path, CheckOptions(device="cpu", mode="full"))
    against = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
    assert [c.reason for c in audit.comparisons if c.verdict in against] == []
    claims = [c for c in audit.comparisons if c.kind == "claim"]
    assert len(claims) == 6
    assert all(c.recomputed is not None and c.measured is not None for c in claims)
    assert {level.id: level.status for level in audit.levels}["L2"] == "passed"
    # torchaudio's front end and ours see the same clips: the norm is sqrt(16000) at RMS 1
    records = next(c for c in audit.comparisons if c.kind == "records")
    assert records.verdict is not Verdict.NOT_CHECKED


@pytest.mark.slow
def test_the_script_reaches_the_level_of_a_re_run(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path / "out")]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
    assert "own loop: level L3, exit 0" in ended.stdout


def test_a_log_as_art_returns_it_becomes_a_results_file(
    example: ModuleType, tmp_path: Path
) -> None:
    log = example.log_of(
        tmp_path / "sigma_0.5",
        labels=np.array([3, 1, 4]),
        prediction=np.array([3, 1, -1]),
        radius=np.array([0.8, 1.1, 0.0]),
    )
    path = example.imported(log, n0=100, n=10_000, alpha="0.001")
    (evaluation,) = json.loads(path.read_text(encoding="utf-8"))["evaluations"].values()
    assert evaluation["sigma"] == "0.5"
    audit = check(path, CheckOptions(static=True))
    assert audit.exit_code in (0, 1)
    assert audit.subject.evaluations == 1
