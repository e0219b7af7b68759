"""The pages of the rules, in Markdown, from the docstrings that are their only source."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from repaudit._core.errors import InputError
from repaudit._core.text import COMPARED_CHARACTERS, shorten
from repaudit.rules._registry import Entry, registry

FAMILIES = {
    "0": "The contract and its wording",
    "1": "Radii of certificates",
    "2": "Shares and accuracies",
    "3": "Spread over runs",
    "4": "Signal-to-noise ratios",
    "5": "Geometry of T",
    "6": "Attacks and defences",
    "7": "Aliasing",
    "8": "One number against another, and files",
    "9": "How the counts were drawn",
}
"""By the first digit of the code."""


def family_of(code: str) -> str:
    """Return the first digit of a code, a key of ``FAMILIES``.

    >>> family_of("RA103")
    '1'
    """
    return code[2]


def find_rule(text: str) -> Entry:
    """Return the rule of a code or public name, in any case.

    Raises ``InputError`` for one that no rule has, with the closest one that exists.
    """
    entries = registry()
    by_name = {entry.name: entry for entry in entries.values()}
    found = entries.get(text.upper()) or by_name.get(text.lower())
    if found is None:
        suggestion = f"repaudit explain {closest(text, entries)}"
        raise InputError("the rule", "a code or a name", shorten(text), suggestion)
    return found


def closest(text: str, entries: Mapping[str, Entry]) -> str:
    """Return the code that was most likely meant: the nearest number, or that of a like name."""
    match = re.fullmatch(r"(?:RA)?(\d{1,3})\w*", text, re.IGNORECASE | re.ASCII)
    if match is not None:
        number = int(match[1].ljust(3, "0"))
        return min(entries, key=lambda code: abs(int(code[2:]) - number))
    by_name = {entry.name: code for code, entry in entries.items()}
    asked = text[:COMPARED_CHARACTERS].lower().replace("_", "-")
    return by_name[get_close_matches(asked, by_name, n=1, cutoff=0)[0]]


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


def pages() -> dict[str, str]:
    """Return every page of the documentation by its file name: one per rule and ``index.md``."""
    written = {f"{code}.md": page(code) for code in registry()}
    return {"index.md": _index(registry().values()), **written}


def _index(entries: Iterable[Entry]) -> str:
    everything = list(entries)
    lines = [
        "# Rules",
        "",
        f"{len(everything)} rules, from the docstrings of `repaudit/rules/`. The examples of every",
        "page are changes of the starting file that `repaudit init` writes, and are run:",
        "`repaudit selftest` plants each *Bad* one and expects its rule, and no other, to object.",
        "An *error* says that no honest world under the declared contract produces the numbers.",
    ]
    for digit, title in FAMILIES.items():
        rows = [_row(entry) for entry in everything if family_of(entry.code) == digit]
        if rows:
            lines += ["", f"## {digit}xx {title}", "", "| rule | | severity | certainty |"]
            lines += ["|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _row(entry: Entry) -> str:
    title = entry.page.title.replace("|", "\\|")
    check = entry.check
    link = f"[{entry.code} {entry.name}]({entry.code}.md)"
    return f"| {link} | {title} | {check.severity} | {check.certainty} |"
