"""A disk that is full in the middle of a long run: one clear error, and no count is lost."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import COMMAND, ENVIRONMENT, easy, repaudit
from tests.studies import copy_clips, some_plan, update_manifest, write_json

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs a Linux kernel"),
]

CLIPS = 16
CHECK = ("check", "results.json", "--device", "cpu", "--mode", "full", "--nonce", "0" * 32)
MEASURE = ("measure", "plan.json", "-o", "results.json", "--device", "cpu")
ON_TMPFS = """
mount -t tmpfs -o size="$1" none audit || exit 99
shift
"$@"; echo "first $?"
find audit -type f | sort
mount -o remount,size=20m audit
"$@" --resume --quiet; echo "second $?"
cp -r audit/result kept
"""
"""run a command on a tiny disk that nobody else sees, make room, go on"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    plan = easy(some_plan(folder))
    update_manifest(folder, plan, copy_clips(folder / "audio", CLIPS))
    plan["data"]["test"]["examples"] = CLIPS
    write_json(folder / "plan.json", plan)
    return folder


@pytest.fixture(scope="module")
def whole(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, measured and audited where there is room."""
    folder = shutil.copytree(plan, tmp_path_factory.mktemp("whole") / "study")
    assert repaudit(*MEASURE, "--seed", "5", cwd=folder).returncode == 0
    assert repaudit(*CHECK, "--out", "roomy", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "study")


def on_tmpfs(size: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "audit").mkdir()
    own_mounts = ["unshare", "--user", "--map-root-user", "--mount"]
    shell = ["sh", "-c", ON_TMPFS, "sh", size, *COMMAND, *arguments, "--out", "audit/result"]
    try:
        ended = subprocess.run(
            [*own_mounts, *shell],
            cwd=folder,
            env=ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    if "first " not in ended.stdout:
        pytest.skip(f"no file system of one's own may be mounted here: {ended.stderr.strip()}")
    return ended


@pytest.mark.parametrize(
    ("size", "lost", "kept"),
    [
        ("12k", "journal/", "header.json"),  # room for the header, and a page or two
        ("200k", "audit.", ".csv"),  # for all counts, not for the reports
    ],
)
def test_full_disk_is_one_clear_error_and_the_run_goes_on_to_the_same_counts(
    study: Path, size: str, lost: str, kept: str
) -> None:
    ended = on_tmpfs(size, study, *CHECK)
    first, *files, second = [line for line in ended.stdout.splitlines() if "Reproduced" not in line]
    assert (first, second) == ("first 3", "second 0")
    error = ended.stderr[ended.stderr.index("error: ") :].splitlines()
    assert error[0].startswith(f"error: audit/result/{lost}")
    assert "bytes, found no space left on device (" in error[0]
    assert error[1:] == [
        "  finished work is kept in audit/result/journal",
        f"  Try: make room, then: repaudit {' '.join(CHECK)} --out audit/result --resume",
    ]
    assert any(name.endswith(kept) for name in files)
    assert not any(".part" in name for name in files)
    for counts in (study / "roomy" / "evidence").iterdir():
        assert (study / "kept" / "evidence" / counts.name).read_bytes() == counts.read_bytes()
    assert not (study / "kept" / "journal").exists()


def limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.parametrize("limit", [3_000, 20_000])
def test_measure_without_room_leaves_a_journal_and_nothing_by_halves(
    plan: Path, whole: Path, tmp_path: Path, limit: int
) -> None:
    """A limit on the size of files, which needs no rights, met by the first shard or a later."""
    folder = shutil.copytree(plan, tmp_path / "study")
    before = {path for path in folder.rglob("*") if path.is_file()}
    ended = subprocess.run(
        [*COMMAND, *MEASURE, "--seed", "5"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        preexec_fn=limited(limit),
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "found file too large" in ended.stderr
    assert f"Try: make room, then: repaudit {' '.join(MEASURE)} --seed 5 --resume" in ended.stderr
    left = {path for path in folder.rglob("*") if path.is_file()} - before
    assert all(folder / ".results-measure" / "journal" in path.parents for path in left)
    assert not any(".part" in path.name for path in left)

    assert repaudit(*MEASURE, "--resume", cwd=folder).returncode == 0
    assert (folder / "results.json").read_bytes() == (whole / "results.json").read_bytes()
