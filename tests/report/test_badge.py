"""The badge: one SVG, its words and colour those of the ending, whatever the title holds."""

import xml.etree.ElementTree as ET

import pytest

from repaudit.audit.audit import Audit
from repaudit.report.badge import badge_of, render_badge, text_width
from tests.report.audits import contradicted, honest, hostile, nothing_checked

SVG = "{http://www.w3.org/2000/svg}"
RED, AMBER, GREEN = "#b3251c", "#855400", "#17703f"


def root(audit: Audit) -> ET.Element:
    return ET.fromstring(render_badge(audit))


@pytest.mark.parametrize(
    ("audit", "message", "colour"),
    [
        (honest(), "L3 reproduced", GREEN),
        (contradicted(), "L0 contradicted", RED),
        (nothing_checked(), "L1 nothing could be checked", AMBER),
        (honest().model_copy(update={"level": None}), "reproduced", GREEN),
    ],
)
def test_words_and_colour_are_those_of_the_ending(audit: Audit, message: str, colour: str) -> None:
    svg = root(audit)
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["repaudit", message]
    assert [rect.get("fill") for rect in svg.iter(f"{SVG}rect")][2] == colour
    assert svg.get("aria-label") == f"repaudit: {message}"


@pytest.mark.parametrize("audit", [honest(), contradicted(), nothing_checked(), hostile()])
def test_texts_lie_inside_their_halves(audit: Audit) -> None:
    svg = root(audit)
    whole = int(svg.get("width", "0"))
    left, right = list(svg.iter(f"{SVG}rect"))[1:]
    assert int(left.get("width", "0")) + int(right.get("width", "0")) == whole
    for text, box in zip(svg.iter(f"{SVG}text"), (left, right), strict=True):
        start, length = int(text.get("x", "0")), int(text.get("textLength", "0"))
        assert length > 0
        assert start - int(box.get("x", "0")) == 6
        assert start + length + 6 == int(box.get("x", "0")) + int(box.get("width", "0"))


def test_badge_says_itself_to_a_reader_who_cannot_see_it() -> None:
    svg = root(honest())
    title = svg.find(f"{SVG}title")
    assert svg.get("role") == "img"
    assert title is not None
    assert title.text == (
        "repaudit: L3 reproduced, A small keyword spotter, certified in two places"
    )


def test_hostile_title_is_text() -> None:
    text = render_badge(hostile())
    svg = ET.fromstring(text)
    title = svg.find(f"{SVG}title")
    assert title is not None
    assert "<script>alert(1)</script>" in (title.text or "")
    assert [*svg.iter("script"), *svg.iter(f"{SVG}script")] == []
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 2500


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = render_badge(honest())
    assert text.count("http") == 1  # the name of the SVG vocabulary
    assert "@font-face" not in text


def test_widths_are_those_of_the_letters() -> None:
    """By hand: four of 3.02 pixels, four of 9."""
    assert text_width("") == 0
    assert text_width("iiii") == 13
    assert text_width("wwww") == 36


def test_badge_is_of_the_tone_of_its_ending() -> None:
    doubtful = contradicted().model_copy(update={"findings": [], "comparisons": []})
    assert badge_of(doubtful).colour == AMBER
