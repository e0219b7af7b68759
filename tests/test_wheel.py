"""The wheel: the package with its schemas and templates, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    ended = subprocess.run(build, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def files(folder: str, *patterns: str) -> set[str]:
    found = (path for pattern in patterns for path in (ROOT / folder).rglob(pattern))
    return {path.relative_to(ROOT).as_posix() for path in found}


def test_wheel_holds_the_package_its_schemas_and_templates_alone(wheel: zipfile.ZipFile) -> None:
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    data = {
        f"repaudit/_data/{name}" for name in files("schemas", "*.*") | files("templates", "*.*")
    }
    assert held == files("repaudit", "*.py") | {"repaudit/py.typed"} | data


def test_selftest_runs_from_the_wheel_alone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "repaudit", "selftest"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "FAIL" not in ended.stdout


@pytest.mark.parametrize("published", ["results", "audit"])
def test_schema_in_the_wheel_is_the_published_one(wheel: zipfile.ZipFile, published: str) -> None:
    name = f"schemas/{published}.v1.schema.json"
    assert wheel.read(f"repaudit/_data/{name}") == (ROOT / name).read_bytes()


def test_wheel_asks_for_torch_only_with_an_extra(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    lines = wheel.read(name).decode().splitlines()
    wanted = [line for line in lines if line.startswith("Requires-Dist: ")]
    heavy = [line for line in wanted if "torch" in line or "soundfile" in line]
    assert heavy
    assert all("extra == 'rerun'" in line for line in heavy)


def test_wheel_installs_one_command_and_carries_its_licence(wheel: zipfile.ZipFile) -> None:
    (points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert wheel.read(points).decode().split() == [
        "[console_scripts]",
        "repaudit",
        "=",
        "repaudit.cli:main",
    ]
    assert any(name.endswith("/LICENSE") for name in wheel.namelist())
