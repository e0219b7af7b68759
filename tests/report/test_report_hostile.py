"""No author's text changes what a report is, in any format."""

import json
import re

import pytest
from markdown_it import MarkdownIt

from repaudit.audit.audit import Audit
from repaudit.report.formats import FORMATS, markdown, render_audit, text
from tests.report import audits

HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


def test_every_format_renders_the_hostile_audit() -> None:
    known = {"github", "html", "json", "junit", "markdown", "sarif", "text"}
    assert set(FORMATS) == known
    for name in FORMATS:
        assert render_audit(audits.hostile(), name)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="found pdf"):
        render_audit(audits.honest(), "pdf")


@pytest.mark.parametrize("name", ["github", "html", "junit", "markdown", "sarif", "text"])
def test_no_control_character_reaches_a_reader(name: str) -> None:
    assert HIDDEN.search(render_audit(audits.hostile(), name)) is None


def test_json_holds_the_text_unchanged_and_escaped() -> None:
    document = render_audit(audits.hostile(), "json")
    assert json.loads(document)["subject"]["title"] == audits.HOSTILE
    assert HIDDEN.search(document.replace("\u202e", "")) is None


def structure(report: str) -> list[str]:
    """Return what a Markdown parser makes of a report: its tokens, text aside."""
    tokens = MarkdownIt("commonmark").enable("table").parse(report)
    return [part.type for token in tokens for part in (token, *(token.children or []))]


def test_markdown_has_the_same_structure_whatever_the_text() -> None:
    hostile = render_audit(audits.hostile(), "json")
    plain = hostile.replace(json.dumps(audits.HOSTILE, ensure_ascii=False)[1:-1], "plain")
    found = structure(markdown.render(audits.hostile()))
    assert structure(markdown.render(Audit.model_validate_json(plain))) == found
    assert not {"link_open", "html_inline", "html_block", "image"} & set(found)
    assert found.count("table_open") == 4  # ladder, claims, measurements, materiality


def test_text_is_as_wide_as_the_terminal() -> None:
    lines = text.render(audits.hostile(), width=80).splitlines()
    # The command at the end is not wrapped, so that it can be copied.
    assert max(len(line) for line in lines if not line.startswith("Again")) <= 80


def test_text_has_colours_only_when_asked() -> None:
    plain = text.render(audits.contradicted())
    assert "\x1b" not in plain
    colored = text.render(audits.contradicted(), color=True)
    assert "\x1b[" in colored
    # A blank at the end of a line may stand before the code that ends a colour.
    without = re.sub(r"\x1b\[[0-9;]*m", "", colored).splitlines()
    assert plain.splitlines() == [line.rstrip() for line in without]


def test_a_finding_is_a_line_that_editors_can_jump_to() -> None:
    report = text.render(audits.contradicted(), width=200)
    assert (
        "examples/keyword-spotting/results.json:96:18: error RA810 hash-mismatch: models/" in report
    )


def test_the_text_of_an_honest_audit_fits_on_one_screen() -> None:
    # 40 lines of 100 columns are a usual terminal window
    assert len(text.render(audits.honest(), width=100).splitlines()) <= 40


@pytest.mark.parametrize("width", [1, 40, 60, 100, 300])
def test_text_can_be_rendered_at_any_width(width: int) -> None:
    assert "Contradicted" in text.render(audits.contradicted(), width=width)


def test_the_command_is_on_one_line() -> None:
    last = text.render(audits.contradicted(), width=60).splitlines()[-1]
    assert last.startswith("Again     repaudit check ")
    assert last.endswith("--require L3")


@pytest.mark.parametrize("name", FORMATS)
def test_rendering_twice_gives_the_same_bytes(name: str) -> None:
    assert render_audit(audits.contradicted(), name) == render_audit(audits.contradicted(), name)


def test_a_long_audit_lists_what_does_not_agree_and_counts_the_rest() -> None:
    base = audits.contradicted()
    many = [c for c in base.comparisons for _ in range(20)]
    findings = [f for f in base.findings for _ in range(20)]
    audit = base.model_copy(update={"comparisons": many, "findings": findings})
    report = text.render(audit)
    # audits.contradicted: 2 of 5 comparisons of wave-low and 1 of 2 of logmel are reproduced
    assert "✓ 40 reproduced" in report
    assert "✓ 20 reproduced" in report
    assert "✓ reproduced" not in report
    assert "and 40 findings more, in audit.json" in report
