"""Text as XML 1.0 may hold it: no character that a parser refuses or a reader cannot see."""

import re

from repaudit._core.text import visible

_FORBIDDEN = re.compile("[\ufffe\uffff]")


def xml_text(text: str) -> str:
    r"""Return ``text`` with control characters and noncharacters written as escapes.

    Line ends stay. ``ElementTree`` escapes markup, and lets through what no parser takes back.

    Reference: XML 1.0, section 2.2.

    >>> xml_text("a\x00b\nc\uffff")
    'a\\u0000b\nc\\uffff'
    """
    lines = "\n".join(visible(line) for line in text.splitlines())
    return _FORBIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", lines)
