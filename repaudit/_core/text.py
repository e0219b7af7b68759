"""Text from outside: shown safely, compared kindly, escaped for Markdown and LaTeX.

Everything an author writes may be hostile: terminal escapes, bidirectional overrides that
reorder what a reader sees, strings of a megabyte. ``visible`` is applied before any of it
is shown.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable

SHOWN_CHARACTERS = 60
"""Longest found value in a message; the position says where the rest is."""

COMPARED_CHARACTERS = 100
"""Longest word looked up by similarity, which takes quadratic time."""

_LEAST_SIMILARITY = 0.7  # on difflib's scale of 0 to 1: one typo in four letters is 0.75

# C0 and C1 controls, line separators, zero-width and bidirectional controls, lone surrogates.
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&#|~!$@]|(?<=:)//|(?<=www)\.|^ *[-+=](?![\d.])")
_MARKDOWN_NUMBERED = re.compile(r"^( *\d+)([.)])(?= |$)")
_LATEX_SPECIAL = re.compile(r"[\\{}$&#_%~^<>|`\"\[\]*]|-(?=-)")
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': "{''}",
    # Behind the \\ of a table row these three would be read as its arguments.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    # A double hyphen would become an en dash, which a copied number or path does not survive.
    "-": "-{}",
}


def visible(text: str) -> str:
    r"""Return ``text`` with every character that hides or reorders others written as an escape.

    >>> visible("a\x1b[2Jb")
    'a\\u001b[2Jb'
    """
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: str) -> str:
    r"""Return a message of several lines as one, for a place that has no more.

    >>> one_line("expected weights, found a pickle\n  Try: --allow-code")
    'expected weights, found a pickle; Try: --allow-code'
    """
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def clip(text: str, length: int = SHOWN_CHARACTERS) -> str:
    """Return ``text`` cut to at most ``length`` characters, the last one an ellipsis if cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def count(number: int, noun: str) -> str:
    """Return ``1 item``, ``2 items``.

    >>> count(2, "key")
    '2 keys'
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(value: object) -> str:
    """Return a parsed JSON value as a message shows it: safe, on one line, at most 60 characters.

    Scalars are shown as JSON writes them, so a string is told from a number by its quotes;
    containers by what they are and how much they hold.

    >>> shorten("92.1")
    '"92.1"'
    >>> shorten({"n0": 100})
    'an object with 1 key'
    """
    match value:
        case str():
            # Cut before escaping: a string of a megabyte is not worth encoding to show its head.
            return clip(visible(json.dumps(value[: SHOWN_CHARACTERS + 1], ensure_ascii=False)))
        case None | bool():
            return json.dumps(value)
        case dict():
            return f"an object with {count(len(value), 'key')}" if value else "an empty object"
        case list() | tuple():
            return f"a list of {count(len(value), 'item')}" if value else "an empty list"
        case _:
            return clip(visible(str(value)))


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``word`` most likely misspells, or None when none is near.

    Case, spaces and hyphens do not count as differences, so that ``Certified-Radius`` finds
    ``certified_radius``.

    >>> closest("sgima", ["alpha", "sigma"])
    'sigma'
    """
    if len(word) > COMPARED_CHARACTERS:
        return None
    matcher = difflib.SequenceMatcher(b=_folded(word))
    best, nearest = _LEAST_SIMILARITY, None
    for candidate in candidates:
        matcher.set_seq1(_folded(candidate))
        # The first of two equally near ones wins: candidates come in the order of preference.
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, nearest = ratio, candidate
    return nearest


def escape_markdown(text: str) -> str:
    r"""Return ``text`` so that a Markdown reader shows exactly it, on one line, with no markup.

    Safe inside a paragraph, a list item and a table cell; links, mentions by address and raw
    HTML are disarmed. Line ends become spaces.

    >>> escape_markdown("<b>|a_1|")
    '\\<b\\>\\|a\\_1\\|'
    """
    line = visible(" ".join(text.splitlines()))
    escaped = _MARKDOWN_SPECIAL.sub(_backslash_last, line)
    return _MARKDOWN_NUMBERED.sub(r"\1\\\2", escaped)


def escape_latex(text: str) -> str:
    r"""Return ``text`` so that LaTeX typesets exactly it, also as the first thing in a table cell.

    No character of it can start a command, a comment, mathematics or an argument. Line ends
    become spaces.

    >>> escape_latex("50% of C_1")
    '50\\% of C\\_1'
    """
    line = visible(" ".join(text.splitlines()))
    return _LATEX_SPECIAL.sub(lambda match: _LATEX.get(match[0], "\\" + match[0]), line)


def _folded(word: str) -> str:
    return re.sub(r"[\s-]+", "_", word.strip().casefold())


def _backslash_last(match: re.Match[str]) -> str:
    token = match[0]
    return r"\/\/" if token == "//" else f"{token[:-1]}\\{token[-1]}"
