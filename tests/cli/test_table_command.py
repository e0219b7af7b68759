"""``repaudit table`` on an audit, and on the paper that a table was pasted into."""

import shutil
from pathlib import Path

import pytest

from tests.cli.commands import repaudit

EXAMPLE = Path(__file__).parents[2] / "examples" / "contradicted" / "inflated-accuracy"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose released counts refute its accuracy, and its static audit."""
    folder = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("audited") / "study")
    assert repaudit("check", "results.json", "--static", cwd=folder).returncode == 1
    return folder


@pytest.fixture
def folder(audited: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(audited, tmp_path / "study")


def test_an_audit_shows_the_verdict_beside_the_number(folder: Path) -> None:
    ended = repaudit("table", "repaudit-audit/audit.json", "--format", "html", cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ", refuted</td>" in ended.stdout
    assert "repaudit:table waveform measured begin" in ended.stdout


def test_an_audit_finds_its_results_file_and_no_other(folder: Path) -> None:
    moved = folder / "elsewhere.json"
    (folder / "results.json").rename(moved)
    lost = repaudit("table", "repaudit-audit/audit.json", cwd=folder)
    assert (lost.returncode, lost.stdout) == (2, "")
    assert "--results FILE" in lost.stderr
    found = repaudit("table", "repaudit-audit/audit.json", "--results", moved, cwd=folder)
    assert found.returncode == 0
    with moved.open("a", encoding="utf-8") as stream:
        stream.write("\n")
    other = repaudit("table", "repaudit-audit/audit.json", "--results", moved, cwd=folder)
    assert (other.returncode, "expected the file of the audit" in other.stderr) == (2, True)


@pytest.mark.parametrize(("form", "paper"), [("latex", "paper.tex"), ("markdown", "README.md")])
def test_a_paper_is_checked_and_updated(folder: Path, form: str, paper: str) -> None:
    repaudit("table", "results.json", "--format", form, "-o", paper, cwd=folder)
    fine = repaudit("table", "results.json", "--check", paper, cwd=folder)
    assert (fine.returncode, fine.stderr) == (0, "")
    written = (folder / paper).read_text(encoding="utf-8")
    (folder / paper).write_text(written.replace("95.83", "98.35", 1), encoding="utf-8")
    wrong = repaudit("table", "results.json", "--check", paper, cwd=folder)
    assert (wrong.returncode, wrong.stderr) == (1, "")
    names = ["certified accuracy at R ≥ 0.6 (%)", "waveform-low"]
    row, column = names if form == "latex" else names[::-1]  # in LaTeX it is turned
    assert f"row {row}, column {column}: " in wrong.stdout
    assert "found 98.35, expected 95.83" in wrong.stdout
    done = repaudit("table", "results.json", "--update", paper, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / paper).read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--check", "none.tex"), "none.tex: expected a file, found none"),
        (("--check", "results.json"), "results.json: expected a file with a suffix of .tex"),
        (("--check", "a.md"), "a.md: expected a table between its marker comments, found none"),
        (("--check", "a.md", "--update", "a.md"), "--check: expected no --table"),
        (("--update", "a.md", "-o", "b.md"), "--update: expected no --table"),
        (("--results", "results.json"), "results.json: expected an audit"),
    ],
)
def test_what_cannot_be_checked_is_refused(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    (folder / "a.md").write_text("nothing here\n", encoding="utf-8")
    ended = repaudit("table", "results.json", *arguments, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
