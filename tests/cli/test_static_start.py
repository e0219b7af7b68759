"""A static audit of each example: soon there, and without what it does not need."""

import time
from pathlib import Path

import pytest

from tests.cli.commands import repaudit, script

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [EXAMPLES / "keyword-spotting", *sorted((EXAMPLES / "papers").iterdir())]
SECONDS = 1.5
"""Start-up included, on two cores that others use too."""
TRIES = 3
"""A machine that is busy for a moment is not a slow program."""

STATIC = """
import sys
sys.argv = ["repaudit", "check", {path!r}, "--static", "--quiet"]
from repaudit.cli import main
try:
    main()
except SystemExit:
    print(*sys.modules, sep="\\n")
"""


def seconds(path: Path, folder: Path) -> float:
    begun = time.perf_counter()
    ended = repaudit("check", path, "--static", cwd=folder)
    assert ended.stderr == ""
    return time.perf_counter() - begun


@pytest.mark.parametrize("example", FILES, ids=lambda path: path.name)
def test_static_audit_is_there_in_a_moment(example: Path, tmp_path: Path) -> None:
    tries = (seconds(example / "results.json", tmp_path) for _ in range(TRIES))
    assert any(taken < SECONDS for taken in tries)


@pytest.mark.parametrize("example", FILES, ids=lambda path: path.name)
def test_static_audit_imports_no_torch_and_no_statistics_library(
    example: Path, tmp_path: Path
) -> None:
    ended = script(STATIC.format(path=str(example / "results.json")), cwd=tmp_path)
    loaded = set(ended.stdout.splitlines())
    assert "repaudit.rules" in loaded
    assert {"torch", "torchaudio", "scipy.stats", "matplotlib"}.isdisjoint(loaded)


def test_file_without_certificates_does_not_wait_for_special_functions(tmp_path: Path) -> None:
    path = EXAMPLES / "papers" / "aliasing" / "results.json"
    ended = script(STATIC.format(path=str(path)), cwd=tmp_path)
    assert "scipy.special" not in ended.stdout.splitlines()
