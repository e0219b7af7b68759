"""The pages under ``docs/rules`` are those of the rules as they are."""

import re
from pathlib import Path

from repaudit.rules.explain import FAMILIES, pages

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def test_every_page_is_fresh() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == pages(), "stale: make docs"


def test_the_index_links_every_page_once() -> None:
    index = pages()["index.md"]
    assert sorted(re.findall(r"\]\((RA\d{3}\.md)\)", index)) == sorted(set(pages()) - {"index.md"})


def test_no_heading_of_a_family_is_left_without_rules() -> None:
    headings = re.findall(r"^## (\d)xx", pages()["index.md"], re.MULTILINE)
    assert headings == list(FAMILIES)
