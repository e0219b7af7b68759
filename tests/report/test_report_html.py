"""The page is well-formed, safe, self-contained and readable without colours."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from repaudit.audit.audit import Audit
from repaudit.report import embedded
from repaudit.report.formats import html
from tests.report import audits, drawn

PLAIN = [audits.honest, audits.contradicted, audits.nothing_checked]
DRAWN = [drawn.honest, drawn.contradicted, drawn.sampled]
AUDITS = [*PLAIN, *DRAWN, audits.hostile, drawn.hostile]
Make = Callable[[], Audit]


def tree(page: str) -> ElementTree.Element:
    """Parse the page as XML: every element closed, every attribute quoted."""
    return ElementTree.fromstring(page.replace("<!DOCTYPE html>", ""))


class Elements(HTMLParser):
    """What a browser's parser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("make", AUDITS)
def test_the_page_is_well_formed(make: Make) -> None:
    assert tree(html.render(make())).tag == "html"


@pytest.mark.parametrize("make", AUDITS)
def test_the_page_runs_no_script_and_loads_nothing(make: Make) -> None:
    page = Elements(html.render(make()))
    assert not {"link", "img", "iframe", "object", "form"} & set(page.tags)
    # The audit as data, which no browser runs; the hostile one is too long for the page.
    scripts = page.tags.count("script")
    assert scripts == page.attributes.count(("type", "application/json")) <= 1
    names = [name for name, _ in page.attributes]
    assert not [name for name in names if name.startswith("on") or name in ("src", "srcset")]
    links = [value for name, value in page.attributes if name == "href"]
    assert [link for link in links if not (link or "").startswith("#")] == []
    assert "url(" not in html.render(audits.honest())


def test_the_content_security_policy_allows_styles_and_inline_images_only() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html.render(audits.honest()))
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_hostile_text_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MOST_CHARACTERS", 100_000_000)
    page = html.render(drawn.hostile())
    assert page.count("<script") == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page)
    assert "49" not in "".join(re.findall(r"\{\{.{0,9}\}\}", page))
    assert "&lt;script&gt;" in page


def test_a_very_long_field_is_cut() -> None:
    root = tree(html.render(drawn.hostile()))
    longest = max(len(text) for text in root.itertext())
    assert longest < 20_000  # the style sheet; a field is cut at 2000


@pytest.mark.parametrize("make", PLAIN + DRAWN)
def test_every_link_inside_the_page_has_its_target(make: Make) -> None:
    root = tree(html.render(make()))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter("a"):
        assert str(element.get("href")).removeprefix("#") in ids


@pytest.mark.parametrize("make", PLAIN + DRAWN)
def test_tables_have_header_cells_with_a_scope(make: Make) -> None:
    root = tree(html.render(make()))
    assert all(cell.get("scope") in ("col", "row") for cell in root.iter("th"))
    assert all(table.find("thead") is not None for table in root.iter("table"))


def test_every_strip_says_in_words_what_it_shows() -> None:
    root = tree(html.render(audits.contradicted()))
    strips = [element for element in root.iter("svg") if element.get("role") == "img"]
    # 8 comparisons; released counts and the unchecked claim have no strip
    assert len(strips) == 6
    words = [(strip.findtext("title"), strip.findtext("desc")) for strip in strips]
    assert words[1] == (
        "certified accuracy at R ≥ 0.004: overstated",
        "declared 95.83\u00a0%, measured 87.50\u00a0%, "
        "99 % of honest values in [85.42, 89.58], materiality ± 5",
    )


def test_landmarks_are_there() -> None:
    root = tree(html.render(audits.honest()))
    for tag in ("header", "main", "nav", "footer", "h1"):
        assert len(list(root.iter(tag))) == 1, tag
    assert root.get("lang") == "en"


def test_verdicts_are_words_and_not_only_colours() -> None:
    chips = [e for e in tree(html.render(audits.contradicted())).iter("span") if e.get("class")]
    words = {e.text for e in chips if str(e.get("class")).startswith("chip")}
    assert {"✓ reproduced", "▲ overstated", "✗ refuted", "○ not checked", "✗ error"} <= words


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_has_the_contrast_of_wcag_aa_in_light_and_dark(scheme: int) -> None:
    blocks = re.findall(r":root \{([^}]*)\}", html.render(audits.honest()))
    colors = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[scheme]))
    pairs = [(ink, paper) for ink in ("ink", "muted") for paper in ("page", "sheet", "soft")]
    for tone in ("good", "bad", "warn", "info", "quiet"):
        pairs += [(tone, "page"), (tone, "sheet"), (tone, f"{tone}-soft")]
    low = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


def test_a_long_title_does_not_push_the_verdict_off_the_first_screen() -> None:
    root = tree(html.render(audits.hostile()))
    assert len(root.findtext(".//h1") or "") == 120


def data_of(page: str) -> str | None:
    return tree(page).findtext(".//script[@id='audit']")


@pytest.mark.parametrize("make", [drawn.honest, drawn.contradicted, audits.hostile])
def test_the_page_holds_the_whole_audit_as_data(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "MOST_CHARACTERS", 100_000_000)
    document = data_of(html.render(make()))
    assert document is not None
    assert not set("<>&") & set(document)
    assert Audit.model_validate_json(document) == make()


def test_an_audit_that_would_make_the_page_heavy_is_left_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = len(json.dumps(drawn.honest().model_dump(mode="json", by_alias=True)))
    monkeypatch.setattr(embedded, "MOST_CHARACTERS", size // 2)
    page = html.render(drawn.honest())
    assert "<script" not in page
    assert "this page holds too" not in page


@pytest.mark.parametrize("make", DRAWN)
def test_every_picture_says_in_words_what_it_shows(make: Make) -> None:
    for picture in tree(html.render(make())).iter("svg"):
        if picture.get("aria-hidden") != "true":
            assert picture.get("role") == "img"
            assert picture.findtext("title")
            assert picture.findtext("desc")


def text_of(page: str, section: str) -> str:
    element = tree(page).find(f".//section[@id='{section}']")
    assert element is not None, f"no section {section}"
    return " ".join(" ".join(element.itertext()).split())


def test_contracts_of_one_kind_share_a_card() -> None:
    words = text_of(html.render(drawn.honest()), "contracts")
    # wave-low and wave-high differ in sigma alone; the geometry has no classifier
    assert words.count("Certifies the waveform") == 1
    assert words.count("Geometry of T, on the waveform") == 1
    assert "wave-low σ = 0.0025" in words
    assert "wave-high σ = 0.005" in words
    assert "length 16000 samples" in words
    assert "log mel as mel f max 8000 Hz" in words
    assert words.count("classifier f follow") + words.count("f classifier") == 2


def test_a_figure_that_cannot_be_drawn_says_why() -> None:
    words = text_of(html.render(drawn.honest()), "figures")
    assert "Nothing to draw: the records hold 12 of 48 examples and runs." in words


def test_a_sampled_evaluation_shows_the_released_curve_and_our_intervals() -> None:
    words = text_of(html.render(drawn.sampled()), "figures")
    assert "Certified accuracy, from the released counts" in words
    assert "our sample at radius 0.004: 71–97 % (99 %)" in words


def test_probes_show_numbers_or_the_reason() -> None:
    words = text_of(html.render(drawn.honest()), "probes")
    assert "1 of 2 questions answered" in words
    assert "largest change 1.2e-07" in words
    assert "is control alive yes worst – names none" in words
    assert "○ not checked T measures the clean signal" in words


def test_falsifications_tell_a_refuted_certificate_from_a_survivor() -> None:
    words = text_of(html.render(drawn.honest()), "falsifications")
    assert "✓ survived" in words
    assert "✗ refuted" in words
    assert "class 3 certified within 0.0041, class 1 at 0.0033; 4120 of" in words
    assert "○ not checked no certificates" in words


def test_rules_are_folded_by_what_became_of_them() -> None:
    root = tree(html.render(audits.nothing_checked()))
    rules = root.find(".//section[@id='rules']")
    assert rules is not None
    # audits.RULES: 6 rules, no finding, one skipped
    assert [e.text for e in rules.iter("summary")] == ["Passed: 5", "Skipped: 1"]


@pytest.mark.parametrize("make", DRAWN)
def test_the_page_of_an_example_is_below_500_kilobytes(make: Make) -> None:
    assert len(html.render(make()).encode()) < 500_000
