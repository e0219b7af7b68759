"""The comment by which a table is found again in a paper or a README."""

import re
from dataclasses import dataclass
from typing import Final

from repaudit._core.errors import InputError

COMMENTS: Final = {
    "latex": ("% ", ""),
    "markdown": ("<!-- ", " -->"),
    "html": ("<!-- ", " -->"),
}
"""By format: what opens and closes a comment. CSV has none."""
SUFFIXES: Final = {
    ".tex": "latex",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}
_MARKER = re.compile(
    r"^\s*(?:%|<!--)\s*repaudit:table\s+(?P<name>[\w.+-]+)(?P<measured>\s+measured)?"
    r"\s+(?P<end>begin|end)\s*(?:-->)?\s*$",
    re.ASCII,
)


@dataclass(frozen=True)
class Block:
    """One marked table in a text."""

    name: str
    measured: bool
    """whether it has the columns of an audit"""
    first: int
    """0-based line of the begin marker"""
    last: int
    """0-based line of the end marker"""


def marked(text: str, name: str, format: str, *, measured: bool) -> str:
    """Return a rendered table between its markers; a format without comments as it is."""
    if format not in COMMENTS:
        return text
    opening, closing = COMMENTS[format]
    word = f"repaudit:table {name}{' measured' if measured else ''}"
    gap = "\n" if format == "markdown" else ""
    begin, end = (f"{opening}{word} {edge}{closing}" for edge in ("begin", "end"))
    return f"{begin}\n{text.strip()}\n{gap}{end}"


def blocks_of(lines: list[str], file: str) -> list[Block]:
    """Return the marked tables of a text, in order.

    Raises ``InputError`` for a marker without its partner.
    """
    found: list[Block] = []
    opened: tuple[str, bool, int] | None = None
    for number, line in enumerate(lines):
        match = _MARKER.match(line)
        if match is None:
            continue
        here = (match["name"], match["measured"] is not None)
        where = f"{file}:{number + 1}"
        if match["end"] == "begin":
            if opened is not None:
                raise InputError(where, f"the end of table {opened[0]}", f"the begin of {here[0]}")
            opened = (*here, number)
        elif opened is None or opened[:2] != here:
            expected = "a begin marker before it" if opened is None else f"the end of {opened[0]}"
            raise InputError(where, expected, f"the end of table {here[0]}")
        else:
            found.append(Block(*here, opened[2], number))
            opened = None
    if opened is not None:
        raise InputError(f"{file}:{opened[2] + 1}", f"an end marker of table {opened[0]}", "none")
    return found


def format_of(file: str) -> str:
    """Return the format of a text by its suffix; ``InputError`` for one that has no comments.

    >>> format_of("paper.tex")
    'latex'
    """
    suffix = "." + file.rpartition(".")[2].lower()
    if suffix not in SUFFIXES:
        raise InputError(file, f"a file with a suffix of {', '.join(SUFFIXES)}", suffix)
    return SUFFIXES[suffix]
