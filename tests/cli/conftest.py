"""One study that ``repaudit measure`` measured, for the tests that only read it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.commands import easy, repaudit
from tests.studies import some_plan, write_json


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with plan.json and the results.json that measure wrote."""
    folder = tmp_path_factory.mktemp("study")
    write_json(folder / "plan.json", easy(some_plan(folder)))
    ended = repaudit(
        "measure", "plan.json", "-o", "results.json", "--seed", "1", "--device", "cpu", cwd=folder
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return folder


@pytest.fixture
def study(measured: Path, tmp_path: Path) -> Path:
    """A copy of the measured study that a test may change."""
    return shutil.copytree(measured, tmp_path / "study")
