"""A table in a paper is found by its marker, compared cell by cell, and written anew."""

import copy
import re
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit.tables.check import differences, updated
from repaudit.tables.markers import blocks_of, format_of
from repaudit.tables.render import fresh_tables, render_table
from tests.tables.test_render_table import ACC, BASE, results, row
from tests.tables.test_table_formats import Verdict, audit_of, measured

TABLE = {"rows": [row("low"), row("high")], "columns": [ACC]}
FILES = {"latex": "paper.tex", "markdown": "README.md", "html": "page.html"}
FORMATS = pytest.mark.parametrize("format", list(FILES))


def paper(format: str, **patch: Any) -> str:
    """A paper with the table of a results file, and text around it."""
    before, after = ("Some text.\n\n| not | ours |\n|---|---|\n| 1 | 2 |\n\n", "\nMore text.\n")
    return before + render_table(results(TABLE, **patch), "t", format) + after


def changed(value: str = "92.10") -> dict[str, Any]:
    """Evaluations of which one accuracy was edited since."""
    evaluations: dict[str, Any] = copy.deepcopy(BASE["evaluations"])
    evaluations["low"]["claims"][0]["value"] = value
    return evaluations


def compared(text: str, format: str, **patch: Any) -> list[tuple[int, str, str, str]]:
    fresh = fresh_tables(results(TABLE, **patch), None, format)
    return [tuple(d) for d in differences(text, format, fresh, FILES[format])]


@FORMATS
def test_a_table_as_it_was_written_has_no_difference(format: str) -> None:
    assert compared(paper(format), format) == []


@FORMATS
def test_a_cell_that_changed_is_named_with_line_found_and_expected(format: str) -> None:
    text = paper(format)
    ((line, cell, found, expected),) = compared(text, format, evaluations=changed())
    # in LaTeX the table is turned, or it would not fit the page
    row, column = ("acc (%)", "low") if format == "latex" else ("low", "acc (%)")
    assert (cell, found, expected) == (f"table t, row {row}, column {column}", "91.67", "92.10")
    # where the row begins, in the paper
    lines = text.splitlines()
    here = lines[line - 1] + (lines[line] if format == "html" else "")
    assert row in here.replace("\\", "")


@FORMATS
def test_one_digit_in_the_paper_is_found(format: str) -> None:
    text = paper(format).replace("91.67", "91.76")
    ((_, _, found, expected),) = compared(text, format)
    assert (found, expected) == ("91.76", "91.67")


@FORMATS
def test_emphasis_and_blanks_of_an_author_do_not_count(format: str) -> None:
    bold = {"latex": r"\textbf{\emph{91.67}}", "markdown": "**91.67**", "html": "<b>91.67</b>"}
    text = re.sub(r"(?<!\d)91\.67", lambda _: f"  {bold[format]} ", paper(format))
    assert "\\textbf" in text or "**91" in text or "<b>" in text
    assert compared(text, format) == []


@FORMATS
def test_a_row_that_was_left_out_is_found(format: str) -> None:
    table = {**TABLE, "rows": [row("low")]}
    text = render_table(results(table), "t", format)
    if format == "latex":
        found_in_all = {(found, expected) for _, _, found, expected in compared(text, format)}
        assert found_in_all == {("2 cells", "3 cells")}
        return
    ((_, cell, found, expected),) = compared(text, format)
    assert (cell, found, expected) == ("table t", "2 rows", "3 rows with the header")


@FORMATS
def test_a_note_that_was_deleted_is_found(format: str) -> None:
    lines = paper(format).splitlines(keepends=True)
    text = "".join(line for line in lines if "to be invalid" not in line)
    ((_, cell, found, expected),) = compared(text, format)
    assert (cell, found) == ("table t, notes", "none")
    assert "to be invalid" in expected


def test_a_forced_column_that_was_deleted_is_found() -> None:
    lines = [
        "|".join(line.split("|")[:2] + line.split("|")[3:]) if "|" in line else line
        for line in paper("markdown").splitlines()
    ]
    found = compared("\n".join(lines), "markdown")
    assert {(f, e) for _, _, f, e in found} == {("8 cells", "9 cells")}
    assert len(found) == 3


@FORMATS
def test_update_writes_the_table_anew_and_nothing_else(format: str) -> None:
    text = paper(format)
    fresh = fresh_tables(results(TABLE, evaluations=changed()), None, format)
    again = updated(text, format, fresh, FILES[format])
    assert again == text.replace("91.67", "92.10")
    assert differences(again, format, fresh, FILES[format]) == []
    assert updated(again, format, fresh, FILES[format]) == again


@FORMATS
def test_update_leaves_emphasis_where_nothing_changed(format: str) -> None:
    text = paper(format).replace("Some text.", "Some text. 91.67")
    assert updated(text, format, fresh_tables(results(TABLE), None, format), "x") == text


def test_update_keeps_the_line_ends_of_the_paper() -> None:
    text = paper("latex").replace("\n", "\r\n")
    fresh = fresh_tables(results(TABLE, evaluations=changed()), None, "latex")
    again = updated(text, "latex", fresh, "paper.tex")
    assert again == text.replace("91.67", "92.10")


@FORMATS
def test_of_two_tables_the_one_that_differs_is_named(format: str) -> None:
    one = {"caption": "One", "rows": [row("low")], "columns": [ACC]}
    two = {"caption": "Two", "rows": [row("high")], "columns": [ACC]}
    tables = {"one": one, "two": two}
    text = render_table(results(tables=tables), None, format)
    fresh = fresh_tables(results(tables=tables, evaluations=changed()), None, format)
    (found,) = differences(text, format, fresh, "x")
    assert found.cell.startswith("table one, ")
    assert found.expected == "92.10"


def test_a_table_of_an_audit_is_compared_with_an_audit_alone() -> None:
    audit = audit_of(("/evaluations/low/claims/0", measured(50, 40, 60), Verdict.REPRODUCED))
    text = render_table(results(TABLE), "t", "markdown", audit)
    with_it = fresh_tables(results(TABLE), None, "markdown", audit)
    assert differences(text, "markdown", with_it, "x.md") == []
    with pytest.raises(InputError, match=r"a table of an audit\.json"):
        differences(text, "markdown", fresh_tables(results(TABLE), None, "markdown"), "x.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no table at all", "x.md: expected a table between its marker comments, found none"),
        ("<!-- repaudit:table t begin -->\n", "x.md:1: expected an end marker of table t"),
        ("\n<!-- repaudit:table t end -->\n", "x.md:2: expected a begin marker before it"),
        (
            "<!-- repaudit:table a begin -->\n<!-- repaudit:table b begin -->",
            "x.md:2: expected the end of table a, found the begin of b",
        ),
        (
            "<!-- repaudit:table a begin -->\n<!-- repaudit:table b end -->",
            "x.md:2: expected the end of a, found the end of table b",
        ),
        (
            "<!-- repaudit:table gone begin -->\n<!-- repaudit:table gone end -->",
            "x.md:1: expected one of t, found table gone",
        ),
    ],
)
def test_markers_that_lead_nowhere_are_refused(text: str, said: str) -> None:
    fresh = fresh_tables(results(TABLE), None, "markdown")
    with pytest.raises(InputError) as caught:
        differences(text, "markdown", fresh, "x.md")
    assert said in str(caught.value)


def test_an_empty_block_is_a_difference_and_no_pass() -> None:
    text = "<!-- repaudit:table t begin -->\n<!-- repaudit:table t end -->"
    assert compared(text, "markdown") == [
        (1, "table t", "0 rows", "3 rows with the header"),
    ]


def test_a_paper_in_another_format_is_refused() -> None:
    with pytest.raises(InputError, match=r"expected a file with a suffix of \.tex, \.md"):
        format_of("paper.docx")
    assert format_of("a/README.MD") == "markdown"


def test_markers_are_found_with_blanks_around_them() -> None:
    lines = ["  % repaudit:table a-b.c measured begin  ", "x", "%repaudit:table a-b.c measured end"]
    (block,) = blocks_of(lines, "x")
    assert (block.name, block.measured, block.first, block.last) == ("a-b.c", True, 0, 2)
