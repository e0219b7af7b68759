"""The page of a rule, in Markdown, from the docstring that is its only source."""

import textwrap

from repaudit.rules._registry import registry


def page(code: str) -> str:
    """Return the Markdown page of a rule.

    Raises ``KeyError`` for a code that no rule has.
    """
    entry = registry()[code]
    text = entry.page
    needs = ", ".join(entry.check.requires) or "nothing"
    return "\n".join(
        [
            f"# {entry.code} {entry.name}",
            "",
            text.title,
            "",
            f"Severity {entry.check.severity}, certainty {entry.check.certainty}, needs {needs}.",
            *_section("Why", text.why),
            *_section("Bad", _fenced(text.bad)),
            *_section("Good", _fenced(text.good)),
            *_section("References", text.references),
            "",
        ]
    )


def _section(heading: str, body: str) -> list[str]:
    return ["", f"## {heading}", "", body]


def _fenced(patch: str) -> str:
    plain = textwrap.dedent(f"    {patch}")
    return f"A change of the starting file (JSON merge patch):\n\n```json\n{plain}\n```"
