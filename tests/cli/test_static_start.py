"""A static audit of each example: soon there, and without what it does not need."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import COMMAND, script

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [EXAMPLES / "keyword-spotting", *sorted((EXAMPLES / "papers").iterdir())]
HELP_CPU_S, STATIC_CPU_S = 0.3, 1.5
"""Start-up included; user and system, so that other work on the machine does not count."""
GENEROUS, TRIES = 2.0, 3
"""A slower machine, and one that is busy for a moment, are no slow program."""

CPU = """
import json, resource, subprocess
ended = subprocess.run({command!r}, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([ended.returncode, used.ru_utime + used.ru_stime]))
"""
MODULES = """
import sys
sys.argv = ["repaudit", *{arguments!r}]
from repaudit.cli import main
try:
    main()
except SystemExit:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""
HEAVY = {"torch", "torchaudio", "scipy.stats", "matplotlib", "soundfile", "safetensors"}


def loaded(*arguments: str, folder: Path) -> set[str]:
    """Return what a command has imported at its end."""
    return set(script(MODULES.format(arguments=arguments), cwd=folder).stderr.splitlines())


def cpu_s(*arguments: str, folder: Path) -> float:
    """Return the time of a command, the least of a few tries."""
    command = [*COMMAND, *arguments]
    tries = [
        json.loads(script(CPU.format(command=command), cwd=folder).stdout) for _ in range(TRIES)
    ]
    assert {code for code, _ in tries} <= {0, 1}  # one paper contradicts itself
    return min(seconds for _, seconds in tries)


def test_help_imports_nothing_that_reads_checks_or_draws(tmp_path: Path) -> None:
    found = loaded("--help", folder=tmp_path)
    assert "repaudit.cli.check" in found
    libraries = {"pydantic", "numpy", "scipy", "jinja2", "jsonschema", "jiter", "rich"}
    assert (HEAVY | libraries).isdisjoint(found)
    rooms = {".".join(name.split(".")[:2]) for name in found if name.startswith("repaudit.")}
    assert rooms == {"repaudit._core", "repaudit.cli"}


@pytest.mark.parametrize("example", FILES, ids=lambda path: path.name)
def test_static_audit_imports_no_torch_and_no_statistics_library(
    example: Path, tmp_path: Path
) -> None:
    path = str(example / "results.json")
    found = loaded("check", path, "--static", "--quiet", folder=tmp_path)
    assert "repaudit.rules" in found
    assert (HEAVY | {"rich", "pyarrow"}).isdisjoint(found)
    assert [name for name in found if name.startswith("repaudit.rerun")] == []


def test_file_without_certificates_does_not_wait_for_special_functions(tmp_path: Path) -> None:
    path = str(EXAMPLES / "papers" / "aliasing" / "results.json")
    found = loaded("check", path, "--static", "--quiet", folder=tmp_path)
    assert "repaudit.rules" in found
    assert "scipy.special" not in found


@pytest.mark.slow
def test_help_is_there_at_once(tmp_path: Path) -> None:
    assert cpu_s("--help", folder=tmp_path) < GENEROUS * HELP_CPU_S


@pytest.mark.slow
@pytest.mark.parametrize("example", FILES, ids=lambda path: path.name)
def test_static_audit_is_there_in_a_moment(example: Path, tmp_path: Path) -> None:
    path = str(example / "results.json")
    assert cpu_s("check", path, "--static", folder=tmp_path) < GENEROUS * STATIC_CPU_S
