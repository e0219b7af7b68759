"""Ctrl-C, SIGTERM and kill -9: finished work stays, and ``--resume`` goes on to the same counts."""

import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.commands import COMMAND, ENVIRONMENT, easy, repaudit
from tests.studies import copy_clips, sha256, some_plan, update_manifest, write_json

pytestmark = pytest.mark.slow

CLIPS = 24
"""three shards of eight"""
NONCE = "0" * 32
IN_FULL = ("check", "results.json", "--device", "cpu", "--mode", "full")
CHECK = (*IN_FULL, "--nonce", NONCE)
MEASURE = ("measure", "plan.json", "-o", "results.json", "--device", "cpu")
COUNTS = "evidence/waveform-high.csv"
STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
EXITS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that takes long enough to be stopped between two shards."""
    folder = tmp_path_factory.mktemp("long")
    plan = easy(some_plan(folder, n=400))
    update_manifest(folder, plan, copy_clips(folder / "audio", CLIPS))
    plan["data"]["test"]["examples"] = CLIPS
    write_json(folder / "plan.json", plan)
    return folder


@pytest.fixture(scope="module")
def whole(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same study, measured and checked without an interruption."""
    folder = shutil.copytree(plan, tmp_path_factory.mktemp("whole") / "study")
    assert repaudit(*MEASURE, "--seed", "5", cwd=folder).returncode == 0
    assert repaudit(*CHECK, cwd=folder).returncode == 0
    return folder


def stopped(
    arguments: Sequence[str], folder: Path, journal: Path, by: signal.Signals
) -> tuple[int, str, str]:
    """Start a command, stop it when the first shard is in the journal, say how it ended."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A test run in the background of a shell ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        deadline = time.monotonic() + 60
        while not list((folder / journal).glob("[!.]*.npz")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(by)
        out, err = process.communicate(timeout=60)
    assert len(list((folder / journal).glob("[!.]*.npz"))) < CLIPS // 8 + 1
    return process.returncode, out, err


@pytest.mark.parametrize("by", STOPS)
def test_check_goes_on_to_the_same_counts(whole: Path, tmp_path: Path, by: signal.Signals) -> None:
    folder = shutil.copytree(whole, tmp_path / "study")
    shutil.rmtree(folder / "repaudit-audit")
    journal = Path("repaudit-audit", "journal")
    code, out, err = stopped(CHECK, folder, journal, by)
    assert out == ""
    if by in EXITS:
        assert code == EXITS[by]
        plan, _, rest = err.partition("interrupted: ")
        assert plan.startswith("plan: full, about ")
        assert rest == (
            f"finished work is kept in {journal}\n  Try: repaudit {' '.join(CHECK)} --resume\n"
        )
    again = repaudit(*CHECK, cwd=folder)
    assert again.returncode == 2
    assert "--resume" in again.stderr
    kept = {path: path.stat().st_mtime_ns for path in (folder / journal).glob("[!.]*.npz")}
    assert kept

    ended = repaudit(*IN_FULL, "--resume", cwd=folder)
    assert ended.returncode == 0
    assert sha256(folder / "repaudit-audit" / COUNTS) == sha256(whole / "repaudit-audit" / COUNTS)
    assert "taken from the journal" in (folder / "repaudit-audit" / "audit.json").read_text()
    assert not (folder / journal).exists()


@pytest.mark.parametrize("by", STOPS)
def test_measure_goes_on_to_the_same_counts(
    plan: Path, whole: Path, tmp_path: Path, by: signal.Signals
) -> None:
    folder = shutil.copytree(plan, tmp_path / "study")
    journal = Path(".results-measure", "journal")
    code, out, err = stopped((*MEASURE, "--seed", "5"), folder, journal, by)
    assert out == ""
    if by in EXITS:
        assert code == EXITS[by]
        assert f"Try: repaudit {' '.join(MEASURE)} --seed 5 --resume" in err
    assert not (folder / "results.json").exists()
    assert repaudit(*MEASURE, "--seed", "5", cwd=folder).returncode == 2

    ended = repaudit(*MEASURE, "--resume", cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "seed 5" in ended.stdout
    assert (folder / COUNTS).read_bytes() == (whole / COUNTS).read_bytes()
    assert (folder / "results.json").read_bytes() == (whole / "results.json").read_bytes()
    assert not (folder / ".results-measure").exists()


def test_other_seed_than_that_of_the_interrupted_run_is_refused(plan: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(plan, tmp_path / "study")
    stopped((*MEASURE, "--seed", "5"), folder, Path(".results-measure", "journal"), signal.SIGKILL)
    ended = repaudit(*MEASURE, "--seed", "6", "--resume", cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "found 5" in ended.stderr


def test_sigterm_that_is_ignored_stays_ignored(plan: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(plan, tmp_path / "study")
    with subprocess.Popen(
        [*COMMAND, *MEASURE, "--seed", "5"],
        cwd=folder,
        env=ENVIRONMENT,
        preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN),
    ) as process:
        while not (folder / ".results-measure" / "journal").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 0
