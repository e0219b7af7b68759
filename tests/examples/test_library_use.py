"""The library as a stranger's own code uses it: a plain loop, and a log of radii."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from repaudit.audit.audit import Audit
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
    assert "counts: level L2" in ended.stdout


LABELS = np.array([3, 1, 4])


def recomputed(audit: Audit) -> tuple[float | None, Verdict]:
    (claim,) = (c for c in audit.comparisons if c.kind == "claim")
    return None if claim.recomputed is None else claim.recomputed.value, claim.verdict


@pytest.mark.parametrize(("printed", "verdict"), [("66.67", "not_checked"), ("100.00", "refuted")])
def test_a_log_as_art_returns_it_is_held_against_its_claim(
    example: ModuleType, tmp_path: Path, printed: str, verdict: str
) -> None:
    log = example.log_of(
        tmp_path / "sigma_0.5",
        labels=LABELS,
        prediction=np.array([3, 1, -1]),
        radius=np.array([0.8, 1.1, 0.0]),
    )
    claims = [example.certified(printed)]
    path = example.imported(log, "smoothing-tsv", 100, 10_000, "0.001", claims)
    (evaluation,) = json.loads(path.read_text(encoding="utf-8"))["evaluations"].values()
    assert evaluation["sigma"] == "0.5"
    # two of three: the third abstains
    audit = check(path, CheckOptions(static=True))
    assert recomputed(audit) == (pytest.approx(200 / 3), Verdict(verdict))


@pytest.mark.parametrize(("printed", "verdict"), [("33.33", "not_checked"), ("66.67", "refuted")])
def test_votes_of_every_class_become_counts_that_give_any_claim(
    example: ModuleType, tmp_path: Path, printed: str, verdict: str
) -> None:
    # the first is certified, the second wrong, the third has no majority
    selection = np.array([[0, 0, 0, 90, 10], [5, 10, 85, 0, 0], [30, 0, 0, 20, 50]])
    votes = np.array([[0, 0, 0, 960, 40], [10, 20, 970, 0, 0], [300, 0, 0, 250, 450]])
    counts = example.counts_of(tmp_path / "sigma_0.5.csv", LABELS, selection, votes)
    lines = counts.read_text(encoding="utf-8").splitlines()
    assert lines[2] == "1,1,2,970,20,1000,85,2,970"
    claims = [example.certified(printed)]
    path = example.imported(counts, "counts-csv", 100, 1000, "0.001", claims)
    audit = check(path, CheckOptions(static=True))
    assert recomputed(audit) == (pytest.approx(100 / 3), Verdict(verdict))
    levels = {level.id: level.status for level in audit.levels}
    assert levels["L2"] == ("failed" if verdict == "refuted" else "passed")
