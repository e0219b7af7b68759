"""Tables as HTML and CSV, beside Markdown and LaTeX, and what an audit adds to them."""

import copy
import csv
import re
import shutil
import subprocess
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import DeclaredValue, Estimate, Verdict
from repaudit.tables.read import rows_of
from repaudit.tables.render import FORMATS, render_table
from tests.report.audits import an_audit, comparison
from tests.tables.test_render_table import ACC, BASE, HOSTILE, results, row

TABLE = {"rows": [row("low"), row("high")], "columns": [ACC]}
RADIUS = {"label": "R", "select": {"metric": "certified_radius"}}
SNR = {"label": "SNR", "select": {"metric": "certified_snr"}}


def measured(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, draws=48, method="re-run")


def audit_of(*numbers: tuple[str, Estimate | None, Verdict]) -> Audit:
    """An audit with these measured numbers, by pointer."""
    return an_audit(
        comparisons=[
            comparison(
                pointer=pointer,
                evaluation=pointer.split("/")[2],
                declared=DeclaredValue(text="1", low=1, high=1),
                recomputed=None,
                measured=estimate,
                verdict=verdict,
            )
            for pointer, estimate, verdict in numbers
        ]
    )


def table_of(rendered: str, format: str) -> list[tuple[str, ...]]:
    return [line.cells for line in rows_of(rendered, format)]


class Tags(HTMLParser):
    """Counts what an HTML reader sees as markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_has_the_cells_of_markdown() -> None:
    html, markdown = (render_table(results(TABLE), "t", form) for form in ("html", "markdown"))
    unescaped = [
        tuple(re.sub(r"\\(.)", r"\1", cell) for cell in cells)
        for cells in table_of(markdown, "markdown")
    ]
    assert table_of(html, "html") == unescaped
    assert len(unescaped) == 3


def test_html_is_a_table_with_headers_caption_and_notes() -> None:
    html = render_table(results(TABLE), "t", "html")
    tags = Tags(html)
    assert tags.open == []
    assert {"caption", "thead", "th", "tbody", "tfoot", "li"} <= tags.seen
    assert html.count('scope="col"') == 9
    assert html.count('scope="row"') == 2
    assert "N·alpha = 0.048" in html


def test_csv_is_read_back_with_caption_and_notes_as_comments() -> None:
    text = render_table(results(TABLE), "t", "csv")
    lines = list(csv.reader(StringIO(text)))
    assert lines[0] == ["# Certificates"]
    body = [line for line in lines if not line[0].startswith("# ")]
    assert {len(line) for line in body} == {9}
    assert [line[6] for line in body] == ["acc (%)", "91.67", "60.42"]
    assert any("N·alpha = 0.048" in line[0] for line in lines)


def test_no_label_becomes_a_formula_of_a_spreadsheet() -> None:
    table = {**TABLE, "rows": [{**row("low"), "label": '=HYPERLINK("x")'}]}
    lines = list(csv.reader(StringIO(render_table(results(table), "t", "csv"))))
    assert lines[2][0] == '\'=HYPERLINK("x")'


def test_a_negative_number_stays_a_number_in_csv() -> None:
    evaluations = copy.deepcopy(BASE["evaluations"])
    evaluations["low"]["claims"][2]["value"] = "-3.1"
    file = results({"rows": [row("low")], "columns": [SNR]}, evaluations=evaluations)
    assert ",-3.1" in render_table(file, "t", "csv")


@pytest.mark.parametrize("format", ["html", "csv"])
def test_hostile_words_of_an_author_stay_words(format: str) -> None:
    table = {
        "caption": HOSTILE,
        "rows": [{**row("low"), "label": HOSTILE}],
        "columns": [{**ACC, "label": HOSTILE}],
    }
    rendered = render_table(results(table), "t", format)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", rendered)
    if format == "html":
        assert Tags(rendered).open == []
        assert "script" not in Tags(rendered).seen
    else:
        body = [x for x in csv.reader(StringIO(rendered)) if not x[0].startswith("# ")]
        assert {len(line) for line in body} == {9}


@pytest.mark.parametrize("format", ["markdown", "latex", "html"])
def test_an_audit_adds_a_column_with_the_measured_value_and_the_verdict(format: str) -> None:
    audit = audit_of(
        ("/evaluations/low/claims/0", measured(87.5, 85.416667, 89.583333), Verdict.OVERSTATED),
        ("/evaluations/high/claims/0", None, Verdict.NOT_CHECKED),
    )
    rows = table_of(render_table(results(TABLE), "t", format, audit), format)
    if format == "latex":  # turned, or it would not fit the page
        rows = list(zip(*rows, strict=True))
    at = 7
    assert rows[0][at].replace("\\", "") == "acc (%), measured"
    # the interval is rounded outwards, to the digits that the author prints
    assert rows[1][at].replace("{[}", "[").replace("{]}", "]").replace("\\", "") == (
        "87.50 [85.41, 89.59], overstated"
    )
    assert rows[2][at] == "not checked"
    assert [line[6] for line in rows[1:]] == ["91.67", "60.42"]


def test_measured_certificates_are_rounded_towards_the_weaker() -> None:
    audit = audit_of(
        (
            "/evaluations/low/claims/1",
            measured(0.0058129, 0.0058111, 0.0058149),
            Verdict.REPRODUCED,
        ),
        ("/evaluations/low/claims/2", measured(86.611, 86.6, 86.62), Verdict.REPRODUCED),
    )
    table = {"rows": [row("low")], "columns": [RADIUS, SNR]}
    line = table_of(render_table(results(table), "t", "html", audit), "html")[1]
    # by hand, to the author's six decimals and two: a radius down, an SNR up
    assert "0.005812 [0.005811, 0.005815], reproduced" in line
    assert "86.62 [86.60, 86.62], reproduced" in line


def test_the_note_names_the_audit() -> None:
    audit = audit_of(("/evaluations/low/claims/0", measured(1, 1, 1), Verdict.REPRODUCED))
    rendered = render_table(results(TABLE), "t", "html", audit)
    assert "audit of 2026-01-05, level L3, nonce 00112233445566778899aabbccddeeff" in rendered


def test_a_column_of_settings_is_not_measured() -> None:
    table = {
        "rows": [row("low", "high", pick="max")],
        "columns": [ACC, {**ACC, "label": "best sigma", "show": "sigma"}],
    }
    audit = audit_of(("/evaluations/low/claims/0", measured(1, 1, 1), Verdict.REPRODUCED))
    header = table_of(render_table(results(table), "t", "html", audit), "html")[0]
    assert [head for head in header if "measured" in head] == ["acc (%), measured"]


def test_rows_of_quantities_repeat_the_facts_over_the_measured_column() -> None:
    table = {
        "rows": [{"label": "accuracy", "select": ACC["select"]}],
        "columns": [
            {"label": "low", "select": {"evaluation": "low"}},
            {"label": "high", "select": {"evaluation": "high"}},
        ],
    }
    audit = audit_of(("/evaluations/high/claims/0", measured(50, 40, 60), Verdict.REPRODUCED))
    rows = table_of(render_table(results(table), "t", "html", audit), "html")
    assert {len(line) for line in rows} == {5}
    sigmas = next(line for line in rows if line[0].startswith("sigma"))
    assert sigmas[1:] == ("0.0025", "0.0025", "0.01", "0.01")
    accuracies = next(line for line in rows if line[0] == "accuracy")
    assert accuracies[-1] == "50.00 [40.00, 60.00], reproduced"


def test_our_own_tables_have_the_measured_column_too() -> None:
    audit = audit_of(("/evaluations/low/claims/0", measured(87.5, 87.5, 87.5), Verdict.OVERSTATED))
    rows = table_of(render_table(results(), "waveform", "html", audit), "html")
    at = rows[0].index("certified accuracy at R > 0 (%), measured")
    assert [line[at] for line in rows[1:]] == ["87.50, overstated", "–", "–"]


def test_a_defence_that_no_attack_saw_is_said_to_be_a_diagnostic() -> None:
    attack = {"name": "fgsm", "target": "base", "objective": "max_loss", "library": "x==1"}
    defended = {
        "kind": "empirical",
        "data": "test",
        "model": "cnn",
        "pipeline": "kws",
        "attacks": ["fgsm"],
        "threat_model": {"norm": "linf", "epsilon": "0.01", "location": "input"},
        "defence": "avg",
        "claims": [{"metric": "defence_rate", "value": "88.4", "unit": "percent"}],
    }
    defence = {
        "method": "post_averaging",
        "directions": 15,
        "radius": "6",
        "steps": ["1/3", "2/3", 1],
        "includes_input": True,
        "domain": "softmax",
        "location": "input",
        "randomness": "fresh",
    }
    patch: dict[str, Any] = {"evaluations": {"e": defended}, "defences": {"avg": defence}}
    blind = render_table(results(attacks={"fgsm": attack}, **patch), None, "html")
    assert "defence rate: transfer only. No attack saw the defence" in blind
    seeing = {"fgsm": attack | {"target": "defended"}}
    assert "transfer only" not in render_table(results(attacks=seeing, **patch), None, "html")


def test_all_formats_render_all_tables() -> None:
    assert set(FORMATS) == {"markdown", "latex", "html", "csv"}
    for form in FORMATS:
        assert "Certificates of the feature" in render_table(results(), None, form)


DOCUMENT = r"""\documentclass{article}
\usepackage{booktabs}
\begin{document}
%s
\end{document}
"""


@pytest.mark.parametrize("case", ["plain", "hostile", "measured"])
def test_latex_compiles(case: str, tmp_path: Path) -> None:
    compiler = shutil.which("pdflatex") or shutil.which("tectonic")
    if compiler is None:
        pytest.skip("neither pdflatex nor tectonic is installed")
    hostile = {
        "caption": HOSTILE,
        "rows": [{**row("low"), "label": HOSTILE}],
        "columns": [{**ACC, "label": HOSTILE}],
    }
    audit = audit_of(("/evaluations/low/claims/0", measured(50, 40, 60), Verdict.REPRODUCED))
    file = results(hostile) if case == "hostile" else results()
    text = render_table(file, None, "latex", audit if case == "measured" else None)
    (tmp_path / "paper.tex").write_text(DOCUMENT % text, encoding="utf-8")
    flags = ["-interaction=nonstopmode", "-halt-on-error"] if "pdflatex" in compiler else []
    ended = subprocess.run(
        [compiler, *flags, "paper.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "paper.pdf").stat().st_size > 1000
