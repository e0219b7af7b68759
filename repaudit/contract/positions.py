"""From a JSON pointer to the line and column where a reader finds it.

Positions are looked up late, only for the pointers that something is said about, in one walk
over the text: what no pointer leads into is skipped by the standard library's C scanner.

Reference: [RFC 6901] JSON pointers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a text, both numbers 1-based, the column in code points."""

    line: int
    column: int


class Place(NamedTuple):
    """Where a member's key and value begin; an item and the whole document have no key."""

    key: Position | None
    value: Position


@dataclass(slots=True)
class _Node:
    """A value that a wanted pointer leads to or through; offsets are set when it is met."""

    children: dict[str, _Node] = field(default_factory=dict)
    key: int | None = None
    value: int | None = None


# Numbers stay text: what is skipped is never used, and a huge integer would be slow to convert.
_skip = json.JSONDecoder(parse_float=str, parse_int=str).raw_decode
_blanks = re.compile(r"[ \t\r\n]*").match


def pointer_of(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path of keys and indices.

    >>> pointer_of(["a/b", 0, "m~n"])
    '/a~1b/0/m~0n'
    """
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in path)


def tokens_of(pointer: str) -> list[str]:
    """Return the keys and indices of a JSON pointer, unescaped.

    Raises ``ValueError`` when it is neither empty nor begins with ``/``, or when a ``~`` in it
    is not part of ``~0`` or ``~1``.

    >>> tokens_of("/a~1b/0")
    ['a/b', '0']
    """
    if (pointer and not pointer.startswith("/")) or re.search("~(?![01])", pointer):
        raise ValueError(f"not a JSON pointer: {pointer!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def find_places(text: str, pointers: Iterable[str]) -> dict[str, Place]:
    """Return the place of every pointer in a JSON text.

    A pointer to a member that does not exist gets the place of its nearest existing parent.
    The text is one that ``parse_strict`` accepts, without its byte order mark: valid, with
    unique keys and bounded nesting. Takes one walk, however many pointers are asked for.

    Raises ``ValueError`` for a malformed pointer.

    >>> find_places('{"a": [1, 2]}', ["/a/1"])["/a/1"].value
    Position(line=1, column=11)
    """
    root = _Node()
    paths = {pointer: tokens_of(pointer) for pointer in pointers}
    for path in paths.values():
        _plant(root, path)
    root.value = _after_blanks(text, 0)
    _visit(text, root.value, root)
    offsets = {pointer: _nearest(root, path) for pointer, path in paths.items()}
    wanted = {offset for pair in offsets.values() for offset in pair if offset is not None}
    lines = positions_of(text, sorted(wanted))
    return {
        pointer: Place(None if key is None else lines[key], lines[value])
        for pointer, (key, value) in offsets.items()
    }


def positions_of(text: str, offsets: Sequence[int]) -> dict[int, Position]:
    """Return the position of each offset; ``offsets`` are ascending, lines end at a line feed."""
    positions = {}
    line, counted, feed = 1, 0, -1
    for offset in offsets:
        line += text.count("\n", counted, offset)
        # Only what is new is searched: a file may be one line of many megabytes.
        feed = max(feed, text.rfind("\n", counted, offset))
        counted = offset
        positions[offset] = Position(line, offset - feed)
    return positions


def _plant(root: _Node, path: Iterable[str]) -> None:
    node = root
    for token in path:
        node = node.children.setdefault(token, _Node())


def _nearest(root: _Node, path: Iterable[str]) -> tuple[int | None, int]:
    node = root
    for token in path:
        child = node.children[token]
        if child.value is None:
            break
        node = child
    assert node.value is not None  # the root always has one
    return node.key, node.value


def _visit(text: str, offset: int, node: _Node) -> int:
    """Note where the wanted values under the value at ``offset`` begin; return where it ends."""
    opening = text[offset]
    if not node.children or opening not in "{[":
        return _skip(text, offset)[1]
    index = 0
    offset = _after_blanks(text, offset + 1)
    while text[offset] not in "}]":
        start, token = offset, str(index)
        if opening == "{":
            token, offset = _skip(text, offset)
            offset = _after_blanks(text, _after_blanks(text, offset) + 1)  # past the colon
        child = node.children.get(token)
        if child is None:
            offset = _skip(text, offset)[1]
        else:
            child.key, child.value = start if opening == "{" else None, offset
            offset = _visit(text, offset, child)
        offset = _after_blanks(text, offset)
        if text[offset] == ",":
            offset = _after_blanks(text, offset + 1)
        index += 1
    return offset + 1


def _after_blanks(text: str, offset: int) -> int:
    blanks = _blanks(text, offset)
    assert blanks is not None  # the pattern matches the empty string
    return blanks.end()
