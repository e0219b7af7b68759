"""Links between pages lead somewhere, on the site and where the files are read as they lie."""

import re
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import DOCS, PAGES, ROOT

LINKS = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    if "://" not in target
]
EXISTING = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def anchors(page: Path) -> set[str]:
    """Return the anchors that a code host gives the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("page", "target"), LINKS, ids=[f"{page.relative_to(ROOT)}: {to}" for page, to in LINKS]
)
def test_a_link_leads_somewhere_in_the_files_as_they_lie(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    assert there.is_file()
    if anchor and there.name != "api.md":  # its anchors are those of the code, on the site only
        assert anchor in anchors(there)


def test_the_site_links_nothing_outside_itself() -> None:
    of_the_site = [(page, target) for page, target in LINKS if DOCS in page.parents]
    outside = [
        target
        for page, target in of_the_site
        if target.partition("#")[0] and DOCS not in (page.parent / target).resolve().parents
    ]
    assert outside == []


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/-]+\.md", str(yaml.safe_load(text)["nav"])))
    rules = {page for page in EXISTING if page.startswith("rules/RA")}
    assert named == EXISTING - rules
