"""A LaTeX table fits its page: as it is, wrapped, with notes, or turned; no cell is lost."""

import re
import shutil
import subprocess
from pathlib import Path
from string import printable

import pytest

from repaudit.contract.load import load
from repaudit.tables.check import differences
from repaudit.tables.fit import LINE, SIZES, SMALLEST, Layout, Size, fitted, turned
from repaudit.tables.grid import Grid
from repaudit.tables.render import fresh_tables, render_table
from repaudit.tables.templates import latex
from repaudit.tables.widths import text_width, word_width
from tests.tables.test_render_table import ACC, results, row

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.rglob("results.json"))
DOCUMENT = r"""\documentclass{article}
\usepackage{booktabs}
\begin{document}
%s
\end{document}
"""


def grid(header: tuple[str, ...], *rows: tuple[str, ...], texts: int = 1) -> Grid:
    return Grid("t", "Certificates", header, rows, texts, ("a note",))


def cells(table: Grid) -> list[str]:
    return sorted(cell for line in (table.header, *table.rows) for cell in line)


def width(layout: Layout) -> float:
    """Points that columns and the blanks between them take."""
    return sum(layout.widths) * LINE + 2 * layout.size.gap * (len(layout.widths) - 1)


NARROW = grid(("", "acc (%)"), ("low", "91.67"), ("high", "60.42"))
LONG = grid(("quantity", "value"), ("a long sentence of many words that says a lot " * 3, "1"))
WIDE = grid(("", *(f"quantity{i:02d}" for i in range(12))), ("low", *"abcdefghijkl"))
POLICY = "RMS to 1, frozen from the clean clip, and said at some length"
SHARED = grid(
    ("", "gain policy", "sigma", "accuracy"),
    *((name, POLICY, sigma, "91.67") for name, sigma in zip("abcd", "1233", strict=True)),
    texts=3,
)


def test_a_table_that_fits_is_left_alone() -> None:
    assert fitted(NARROW) == Layout(NARROW, SIZES[0])


def test_a_long_cell_wraps_in_what_the_words_leave() -> None:
    found = fitted(LONG)
    assert found.grid == LONG
    assert width(found) == pytest.approx(LINE, abs=0.1)
    assert found.widths[0] > 5 * found.widths[1]


def test_many_columns_become_rows() -> None:
    found = fitted(WIDE).grid
    assert (len(found.header), len(found.rows), found.texts) == (2, 12, 1)
    assert cells(found) == cells(WIDE)
    assert found.notes == WIDE.notes


def test_words_that_all_rows_share_are_said_once_where_the_table_is_too_wide() -> None:
    found = fitted(SHARED).grid
    assert found.header == ("", "sigma", "accuracy")
    assert found.rows[3] == ("d", "3", "91.67")
    assert (found.texts, found.notes) == (2, (f"Of every row: gain policy: {POLICY}.", "a note"))


def test_two_rows_and_numbers_share_nothing() -> None:
    two = Grid("t", "", SHARED.header, SHARED.rows[:2], 3, ())
    assert POLICY in cells(fitted(two).grid)
    # every accuracy is 91.67: a measured value stays in its cell
    assert cells(fitted(SHARED).grid).count("91.67") == 4


def test_smaller_type_comes_before_a_table_that_runs_off_the_page() -> None:
    sizes = {columns: fitted(square(columns)).size for columns in range(2, 14)}
    assert sizes[2] == sizes[4] == SIZES[0]
    assert {size.name for size in sizes.values()} == {"small", "footnotesize", "scriptsize"}
    scales = [size.scale for size in sizes.values()]
    assert scales == sorted(scales, reverse=True)


def square(columns: int) -> Grid:
    """A table that turning does not make narrower."""
    line = tuple("measured" for _ in range(columns))
    return grid(line, *(line for _ in range(columns - 1)))


def test_a_table_that_fits_in_no_way_is_as_narrow_as_it_goes() -> None:
    found = fitted(square(30))
    assert found.size == SMALLEST
    assert found.widths == pytest.approx(
        [SMALLEST.scale * text_width("measured") / LINE] * 30, abs=1e-4
    )


def test_turning_twice_gives_the_table_back() -> None:
    again = turned(turned(WIDE))
    assert (again.header, again.rows) == (WIDE.header, WIDE.rows)


def test_only_latex_is_turned() -> None:
    table = {"rows": [row("low")], "columns": [ACC]}
    assert "| low |" in render_table(results(table), "t", "markdown")
    assert re.search(r"^certifies & waveform", render_table(results(table), "t", "latex"), re.M)


def test_a_text_breaks_at_blanks_and_behind_hyphens_alone() -> None:
    assert word_width("Post-Averaging, Top-1") == text_width("Averaging,")
    assert word_width("8/255") == text_width("8/255")
    assert word_width("") == 0.0


def compiled(body: str, folder: Path) -> str:
    """Return what pdflatex says of a plain article with this body."""
    compiler = shutil.which("pdflatex")
    if compiler is None:
        pytest.skip("pdflatex is not installed")
    (folder / "paper.tex").write_text(DOCUMENT % body, encoding="utf-8")
    command = [compiler, "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stdout.decode(errors="replace")[-2000:]
    return (folder / "paper.log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("size", [*SIZES, SMALLEST], ids=lambda size: size.name)
def test_no_letter_is_wider_than_its_width_here(size: Size, tmp_path: Path) -> None:
    signs = printable.strip() + "±≥≤·–"
    boxes = "".join(
        rf"\setbox0=\hbox{{{latex(sign)}}}\typeout{{WIDTH \the\wd0}}" + "\n" for sign in signs
    )
    log = compiled(f"\\{size.name}\n{boxes}x", tmp_path)
    set_by_tex = [float(found) for found in re.findall(r"^WIDTH ([\d.]+)pt", log, re.M)]
    ours = [size.scale * text_width(sign) for sign in signs]
    pairs = list(zip(signs, set_by_tex, ours, strict=True))
    assert [pair for pair in pairs if pair[1] > pair[2] + 0.11] == []
    # and none is taken for much wider than it is
    assert sum(ours) < 1.1 * sum(set_by_tex)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_no_line_of_an_example_runs_off_the_page(file: Path, tmp_path: Path) -> None:
    log = compiled(render_table(load(file), None, "latex"), tmp_path)
    over = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert [points for points in over if points > 1.0] == []
    assert "multiply defined" not in log


def test_no_line_of_a_made_up_table_runs_off_the_page(tmp_path: Path) -> None:
    assert "Overfull" not in compiled(render_table(results(), None, "latex"), tmp_path)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_table_of_an_example_is_found_unchanged_in_a_paper(file: Path) -> None:
    study = load(file)
    paper = DOCUMENT % render_table(study, None, "latex")
    assert differences(paper, "latex", fresh_tables(study, None, "latex"), "paper.tex") == []


def test_a_shared_word_that_changed_in_the_paper_is_found() -> None:
    study = load(EXAMPLES / "papers" / "representation-audio" / "results.json")
    paper = DOCUMENT % render_table(study, None, "latex")
    edited = paper.replace("gain policy: RMS to 1, frozen", "gain policy: peak to 1, frozen", 1)
    ((_, cell, _, expected),) = differences(
        edited, "latex", fresh_tables(study, None, "latex"), "paper.tex"
    )
    assert cell == "table table-1, notes"
    assert "gain policy: RMS to 1, frozen" in expected
