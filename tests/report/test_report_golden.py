from collections.abc import Callable

import pytest

from repaudit.audit.audit import Audit
from repaudit.report.formats import markdown, text
from tests.report import audits

AUDITS = [audits.honest, audits.contradicted, audits.nothing_checked]
Golden = Callable[[str, str], None]


@pytest.mark.parametrize("make", AUDITS)
def test_markdown_is_as_reviewed(make: Callable[[], Audit], golden: Golden) -> None:
    golden(f"report/{make.__name__}.md", markdown.render(make()))


@pytest.mark.parametrize("make", AUDITS)
def test_text_at_width_100_is_as_reviewed(make: Callable[[], Audit], golden: Golden) -> None:
    golden(
        f"report/{make.__name__}.txt",
        text.render(make(), width=100, files=["out/audit.json", "out/audit.html", "out/audit.md"]),
    )
