"""A LaTeX table fits its page: as it is, wrapped, or turned; no cell is lost."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from repaudit.contract.load import load
from repaudit.tables.fit import GAP, LINE, fitted, turned
from repaudit.tables.grid import Grid
from repaudit.tables.render import render_table
from tests.tables.test_render_table import ACC, results, row

EXAMPLE = Path(__file__).parents[2] / "examples" / "keyword-spotting" / "results.json"


def grid(header: tuple[str, ...], *rows: tuple[str, ...]) -> Grid:
    return Grid("t", "Certificates", header, rows, 1, ("a note",))


def cells(table: Grid) -> list[str]:
    return sorted(cell for line in (table.header, *table.rows) for cell in line)


NARROW = grid(("", "acc (%)"), ("low", "91.67"), ("high", "60.42"))
LONG = grid(("quantity", "value"), ("a long sentence of many words that says a lot " * 3, "1"))
WIDE = grid(("", *(f"quantity-number-{i}" for i in range(12))), ("low", *"abcdefghijkl"))


def test_a_table_that_fits_is_left_alone() -> None:
    assert fitted(NARROW) is NARROW


def test_a_long_cell_wraps_in_what_the_words_leave() -> None:
    found = fitted(LONG)
    assert (found.header, found.rows) == (LONG.header, LONG.rows)
    assert sum(found.widths) + GAP * 2 / LINE == pytest.approx(1.0, abs=0.01)
    assert found.widths[0] > 5 * found.widths[1]


def test_many_columns_become_rows() -> None:
    found = fitted(WIDE)
    assert (len(found.header), len(found.rows), found.texts) == (2, 12, 1)
    assert cells(found) == cells(WIDE)
    assert found.notes == WIDE.notes


def test_turning_twice_gives_the_table_back() -> None:
    again = turned(turned(WIDE))
    assert (again.header, again.rows) == (WIDE.header, WIDE.rows)


def test_only_latex_is_turned() -> None:
    table = {"rows": [row("low")], "columns": [ACC]}
    assert "| low |" in render_table(results(table), "t", "markdown")
    assert re.search(r"^certifies & waveform", render_table(results(table), "t", "latex"), re.M)


@pytest.mark.parametrize("source", ["example", "made up"])
def test_no_line_runs_off_the_page(source: str, tmp_path: Path) -> None:
    compiler = shutil.which("pdflatex")
    if compiler is None:
        pytest.skip("pdflatex is not installed")
    text = render_table(load(EXAMPLE) if source == "example" else results(), None, "latex")
    body = f"\\begin{{document}}\n{text}\\end{{document}}\n"
    paper = f"\\documentclass{{article}}\n\\usepackage{{booktabs}}\n{body}"
    (tmp_path / "paper.tex").write_text(paper, encoding="utf-8")
    command = [compiler, "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    log = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert "Overfull" not in log
