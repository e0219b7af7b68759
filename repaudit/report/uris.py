"""A path as a URI reference, as SARIF viewers resolve it."""

import posixpath
import re
from urllib.parse import quote

_DRIVE = re.compile(r"^[A-Za-z]:/")


def uri_of(path: str) -> str:
    r"""Return the URI of a file: relative without ``./``, or ``file:`` for an absolute path.

    A viewer resolves relative references against the checkout, and matches them by their text.

    >>> uri_of(".\\study\\my results.json")
    'study/my%20results.json'
    >>> uri_of("/data/results.json")
    'file:///data/results.json'
    """
    shown = path.encode("utf-8", "replace").decode().replace("\\", "/")
    plain = posixpath.normpath(shown)
    if _DRIVE.match(plain):
        return "file:///" + quote(plain, safe="/:")
    if plain.startswith("/"):
        return "file:///" + quote(plain.lstrip("/"))
    return quote(plain)
