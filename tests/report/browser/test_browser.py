"""The page in a real browser: accessible, inert, and whole in every way it is looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from repaudit.audit.audit import Audit
from repaudit.report.formats import html
from tests.report import audits, drawn

pytestmark = pytest.mark.slow

WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 380, "height": 800}},
    "narrow-dark": {"color_scheme": "dark", "viewport": {"width": 380, "height": 800}},
    "print": {"color_scheme": "light", "viewport": {"width": 794, "height": 1123}},
}
AUDITS: list[Callable[[], Audit]] = [
    drawn.honest,
    drawn.contradicted,
    drawn.sampled,
    audits.nothing_checked,
    drawn.hostile,
]


@pytest.fixture(scope="module", params=AUDITS, ids=lambda make: make.__name__)
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "audit.html"
    path.write_text(html.render(request.param()), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=list(WAYS))
def page(request: pytest.FixtureRequest, browser: Any, page_file: Path) -> Any:
    """The page opened, every fold of it open, with what it said and asked for meanwhile."""
    context = browser.new_context(**WAYS[request.param])
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("dialog", lambda dialog: page.said.append(dialog.message))
    page.on("request", lambda asked: page.asked.append(asked.url))
    if request.param == "print":
        page.emulate_media(media="print")
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    yield page
    context.close()


def test_axe_finds_no_violation(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    # The policy of the page forbids scripts; the audit of accessibility runs beside it.
    results = axe.Axe().run(page)
    told = {v["id"]: [n["target"] for n in v["nodes"]][:5] for v in results.response["violations"]}
    assert told == {}


def test_nothing_runs_nothing_loads_and_nothing_overflows(page: Any, page_file: Path) -> None:
    assert page.said == []
    assert page.asked == [page_file.as_uri()]
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown


def test_no_label_of_a_plot_leaves_its_card(page: Any) -> None:
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.labels span')].filter(span => {
            const label = span.getBoundingClientRect();
            const card = span.closest('.card').getBoundingClientRect();
            return label.left < card.left || label.right > card.right;
        }).map(span => span.textContent.slice(0, 40))"""
    )
    assert outside == []


def test_everything_that_scrolls_can_be_reached_by_keyboard(page: Any) -> None:
    stuck = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e =>
            e.scrollWidth > e.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
            && e.tabIndex < 0).map(e => e.className)"""
    )
    assert stuck == []


def test_what_is_folded_is_printed(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "audit.html"
    path.write_text(html.render(drawn.honest()), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    hidden = page.locator("#rules td").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.bounding_box()["height"] > 0
    page.close()
