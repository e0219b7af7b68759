"""A rule's page: its module docstring, taken apart."""

import re
from dataclasses import dataclass

SECTIONS = ("Why", "Bad", "Good", "References")
_HEADING = re.compile(r"^(\w+)\n(-+)$", re.MULTILINE)


class PageFault(ValueError):
    """A docstring that is no page; the text says what is missing."""


@dataclass(frozen=True)
class Page:
    """Title and sections; ``bad`` and ``good`` are JSON merge patches [RFC 7396]."""

    title: str
    why: str
    bad: str
    good: str
    references: str


def parse_page(docstring: str) -> Page:
    """Return the page written in a docstring.

    The first line is the title; each section is a word underlined with as many dashes.

    Raises ``PageFault`` for a missing, repeated, empty or unknown section.
    """
    head, *rest = _HEADING.split(docstring)
    title = head.strip()
    names, rules, bodies = rest[0::3], rest[1::3], rest[2::3]
    if tuple(names) != SECTIONS:
        raise PageFault(f"expected the sections {', '.join(SECTIONS)}, found {', '.join(names)}")
    if any(len(name) != len(line) for name, line in zip(names, rules, strict=True)):
        raise PageFault("expected every section underlined with as many dashes as letters")
    if not title or "\n" in title or not all(body.strip() for body in bodies):
        raise PageFault("expected a title on one line and text in every section")
    why, bad, good, references = (body.strip() for body in bodies)
    return Page(title, why, bad, good, references)
