"""Strict JSON: one reading of every file, and it keeps the author's digits.

Refused are what other readers let pass or decide silently: duplicate keys, NaN and Infinity,
numbers a float cannot hold, text that is not UTF-8, nesting without end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn

import jiter

from repaudit._core.errors import ContractError, Problem
from repaudit._core.text import shorten
from repaudit.contract.positions import find_places, pointer_of, positions_of

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
MAX_NESTING: Final = 200
"""Levels of objects and lists; the parser's own limit."""

_FAULT = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
# The only numbers that can leave the range of a float: three exponent digits, or 200 in a row.
_MAYBE_EXTREME = re.compile(rb"[eE][+-]?0*[1-9]\d{2}|\d{200}")
_NOT_A_NUMBER = re.compile(r"NaN|-?Infinity")
_DUPLICATE = "Detected duplicate key"
# What the parser says of a fault -> what was expected, what was found, what to do.
_FAULTS: Final = {
    "trailing comma": ("a value behind the comma", "a closing bracket", "delete the comma"),
    "recursion limit exceeded": (f"at most {MAX_NESTING} nested levels", "more", None),
    "control character": ("no line end or tab inside a string", None, "write \\n or \\t"),
    "key must be a string": ("a key in double quotes", None, None),
    "number out of range": ("a number a float can hold", "one of thousands of digits", None),
    "invalid number": ("a number as JSON writes it, such as 0.5", None, None),
    "invalid escape": ("a JSON escape such as \\n or \\u00e9", None, "write \\\\ for a backslash"),
    "lone leading surrogate": ("a pair of surrogate escapes", "half a pair", None),
    "unexpected end of hex escape": ("a pair of surrogate escapes", "half a pair", None),
    "trailing characters": ("the end of the file", None, None),
    "expected value": ("a value", None, None),
    "expected ident": ("true, false or null", None, None),
}


def parse_strict(data: bytes, file: str) -> Any:
    """Return the value of a JSON text: integers as int, all other numbers as exact ``Decimal``.

    A UTF-8 byte order mark is skipped. ``file`` is the path that messages show.

    Raises ``ContractError`` with the line and column of the fault for anything that is not JSON
    [RFC 8259] in UTF-8, for a duplicate key, for a number beyond the range of a float (to
    infinity or to zero) and for more than 200 nested levels.

    >>> parse_strict(b'{"sigma": 0.10}', "results.json")
    {'sigma': Decimal('0.10')}
    """
    text = text_of(data, file)
    if not text.strip(" \t\r\n"):
        _refuse(file, text, 0, "a JSON object", "an empty file")
    body = data.removeprefix(BYTE_ORDER_MARK)
    try:
        value = jiter.from_json(
            body, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal"
        )
    except ValueError as error:
        _refuse_fault(str(error), body, text, file)
    if _MAYBE_EXTREME.search(body):
        _refuse_extreme(value, text, file)
    return value


def text_of(data: bytes, file: str) -> str:
    """Return the text of a UTF-8 document without its byte order mark.

    Raises ``ContractError`` at the first byte that is not UTF-8.
    """
    body = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        found = f"the byte 0x{body[error.start]:02x}"
        _refuse(file, before, len(before), "text in UTF-8", found, "save the file as UTF-8")


def _refuse_fault(message: str, body: bytes, text: str, file: str) -> NoReturn:
    """Raise what the parser's message means, at the place it gives (in bytes of a line)."""
    parsed = _FAULT.fullmatch(message)
    assert parsed is not None  # every message of the parser ends with its place
    what, offset = parsed[1], _offset(body, int(parsed[2]), int(parsed[3]))
    if what.startswith(_DUPLICATE):
        start, key = _key_before(text, offset)
        _refuse(file, text, start, "every key once", f"{shorten(key)} again", "keep one of the two")
    if not_a_number := _NOT_A_NUMBER.match(text, max(0, offset - (text[offset - 1] == "-"))):
        found, start = not_a_number[0], not_a_number.start()
        _refuse(file, text, start, "a finite number", found, "leave out what has no value")
    if what.startswith("EOF"):
        _refuse(file, text, offset, "the rest of the document", "the end of the file")
    start_of_what = next((known for known in _FAULTS if what.startswith(known)), None)
    if start_of_what is None:
        _refuse(file, text, offset, what.removeprefix("expected "), shorten(text[offset]))
    expected, found_words, suggestion = _FAULTS[start_of_what]
    _refuse(file, text, offset, expected, found_words or shorten(text[offset]), suggestion)


def _offset(body: bytes, line: int, column: int) -> int:
    """Return the index in the text of a parser's place: 1-based line, 1-based byte in it."""
    start = 0
    for _ in range(line - 1):
        start = body.index(b"\n", start) + 1
    # The parser counts a line feed itself as column 0 of the next line.
    end = max(0, start + column - 1)
    return min(len(body[:end].decode("utf-8", "ignore")), len(body.decode("utf-8")) - 1)


def _key_before(text: str, offset: int) -> tuple[int, str]:
    """Return where the key that ends before the colon before ``offset`` begins, and the key."""
    end = text.rindex('"', 0, text.rindex(":", 0, offset))
    start = text.rindex('"', 0, end)
    while _is_escaped(text, start):
        start = text.rindex('"', 0, start)
    return start, json.loads(text[start : end + 1])


def _is_escaped(text: str, offset: int) -> bool:
    before = offset
    while text[before - 1] == "\\":
        before -= 1
    return (offset - before) % 2 == 1


def _refuse_extreme(value: Any, text: str, file: str) -> None:
    extremes = [(pointer_of(path), number) for path, number in _numbers(value) if _extreme(number)]
    places = find_places(text, [pointer for pointer, _ in extremes])
    problems = [
        Problem(file, *places[pointer].value, pointer, "a number a float can hold", shorten(number))
        for pointer, number in extremes
    ]
    if problems:
        raise ContractError(problems)


def _extreme(number: int | Decimal) -> bool:
    try:
        nearest = float(number)
    except OverflowError:
        return True
    return nearest in (float("inf"), float("-inf")) or (nearest == 0 and number != 0)


def _numbers(value: Any) -> Iterator[tuple[tuple[str | int, ...], int | Decimal]]:
    """Yield every number in a parsed document with its path, without recursion."""
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, dict):
            pending.extend(((*path, key), member) for key, member in item.items())
        elif isinstance(item, list):
            pending.extend(((*path, index), member) for index, member in enumerate(item))
        elif isinstance(item, int | Decimal):
            yield path, item


def _refuse(
    file: str, text: str, offset: int, expected: str, found: str, suggestion: str | None = None
) -> NoReturn:
    line, column = positions_of(text, [offset])[offset]
    raise ContractError([Problem(file, line, column, "", expected, found, suggestion)]) from None
