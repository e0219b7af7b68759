"""One measured study for the tests that only read it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from repaudit.check import CheckOptions
from repaudit.measure import measure
from tests.studies import some_plan, write_json


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with plan.json and the results.json that measure wrote."""
    folder = tmp_path_factory.mktemp("study")
    plan = write_json(folder / "plan.json", some_plan(folder))
    measure(plan, folder / "results.json", seed=1, options=CheckOptions(device="cpu"))
    return folder


@pytest.fixture
def study(measured: Path, tmp_path: Path) -> Path:
    """A copy of the measured study that a test may change."""
    shutil.copytree(measured, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def changed(study: Path) -> Callable[[Callable[[dict[str, Any]], None]], Path]:
    """Write the copy's results file with a change; return its path."""

    def change(edit: Callable[[dict[str, Any]], None]) -> Path:
        document = json.loads((study / "results.json").read_text(encoding="utf-8"))
        edit(document)
        return write_json(study / "results.json", document)

    return change
