"""What each command gives, beside the audit."""

import json
from pathlib import Path

import pytest

from repaudit.cli.arguments import memory
from tests.cli.commands import repaudit, script

SCHEMAS = Path(__file__).parents[2] / "schemas"
MODULES = """
import sys
sys.argv = {arguments}
from repaudit.cli import main
try:
    main()
except SystemExit as ended:
    assert ended.code == 0, ended.code
print("LOADED", *sorted(sys.modules))
"""


@pytest.mark.parametrize("which", ["results", "audit"])
def test_schema_is_the_published_file(which: str) -> None:
    published = (SCHEMAS / f"{which}.v1.schema.json").read_text(encoding="utf-8")
    ended = repaudit("schema", which)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", published)


def test_init_writes_a_file_that_validates(tmp_path: Path) -> None:
    assert repaudit("init", "mine.json", cwd=tmp_path).returncode == 0
    ended = repaudit("check", "mine.json", "--static", cwd=tmp_path)
    assert ended.returncode in (0, 1, 3)
    assert "mine.json" in ended.stdout


def test_version_is_that_of_the_package() -> None:
    from repaudit import __version__

    assert repaudit("--version").stdout == f"repaudit {__version__}\n"


def test_table_says_what_is_certified_on_stdout_as_in_a_file(study: Path) -> None:
    shown = repaudit("table", "results.json", cwd=study)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "waveform" in shown.stdout
    written = repaudit("table", "results.json", "-o", "tables/all.md", cwd=study)
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    assert (study / "tables" / "all.md").read_text(encoding="utf-8") == shown.stdout


@pytest.mark.parametrize(
    ("form", "file"), [("json", "audit.json"), ("html", "audit.html"), ("markdown", "audit.md")]
)
def test_report_gives_the_files_of_the_audit_again(study: Path, form: str, file: str) -> None:
    assert repaudit("check", "results.json", "--static", "--out", "a", cwd=study).returncode == 0
    ended = repaudit("report", "a/audit.json", "--format", form, cwd=study)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (study / "a" / file).read_text(encoding="utf-8")


def test_static_audit_loads_nothing_that_it_does_not_need(study: Path) -> None:
    loaded = modules(["check", "results.json", "--static"], study)
    heavy = {"torch", "torchaudio", "soundfile", "safetensors", "matplotlib", "scipy.stats"}
    assert loaded & heavy == set()


def test_help_loads_the_command_line_alone(tmp_path: Path) -> None:
    loaded = modules(["--help"], tmp_path)
    assert loaded & {"numpy", "pydantic", "scipy", "jinja2", "jsonschema", "rich"} == set()
    ours = {name for name in loaded if name.startswith("repaudit.")}
    assert all(name.startswith(("repaudit.cli", "repaudit._core")) for name in ours)


def modules(arguments: list[str], folder: Path) -> set[str]:
    ended = script(MODULES.format(arguments=["repaudit", *arguments]), cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.rpartition("LOADED ")[2].split())


def test_named_root_is_where_a_file_is_looked_for(study: Path, tmp_path: Path) -> None:
    weights = tmp_path / "elsewhere" / "model.safetensors"
    weights.parent.mkdir()
    (study / "model.safetensors").rename(weights)
    document = json.loads((study / "results.json").read_text(encoding="utf-8"))
    for model in document["models"].values():
        for checkpoint in model["checkpoints"]:
            checkpoint["file"]["root"] = "weights"
    (study / "results.json").write_text(json.dumps(document), encoding="utf-8")
    found = repaudit(
        "check", "results.json", "--device", "cpu", "--root", f"weights={weights.parent}", cwd=study
    )
    lost = repaudit("check", "results.json", "--device", "cpu", cwd=study)
    advice = "--root weights=DIR"
    assert (advice in flat(found.stdout), advice in flat(lost.stdout)) == (False, True)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_sizes_are_powers_of_1024() -> None:
    assert memory("4G") == 4 * 1024**3
    assert memory("512m") == memory("0.5GiB") == 512 * 1024**2
    assert memory("100") == 100
    assert memory(None) is None
