"""Words for a piece of JSON Schema: what it expects, and what to write instead of a near miss."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from repaudit._core.text import closest, count, shorten

SHOWN_CHOICES: Final = 12
"""Longest list of allowed values in a message."""

_TYPES: Final = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
# Named string types: a field's own description says what the value means, these how it is written.
_TITLES: Final = {
    "Printed": 'a number as printed, in quotes such as "92.10"',
    "Real": 'a number or a fraction such as "8/255"',
    "Id": "a name of letters, digits, dot, underscore, plus and minus",
    "Sha256": "64 lower-case hexadecimal digits",
    "Library": "a library, name or name==version",
}
_EXTENSION: Final = "^x-"
_BOUNDS: Final = {
    "minimum": "of at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "of at most {}",
    "exclusiveMaximum": "below {}",
    "multipleOf": "that is a multiple of {}",
}
_SIZES: Final = {
    "minLength": ("at least", "character"),
    "maxLength": ("at most", "character"),
    "minItems": ("at least", "item"),
    "maxItems": ("at most", "item"),
    "minProperties": ("at least", "key"),
    "maxProperties": ("at most", "key"),
}


def either(phrases: Sequence[str], shown: int = SHOWN_CHOICES) -> str:
    """Return ``a, b or c``; beyond ``shown`` phrases the rest is only counted.

    >>> either(["a", "b", "c"])
    'a, b or c'
    >>> either(["a", "b", "c"], shown=2)
    'a, b or one of 1 more'
    """
    if len(phrases) > shown:
        phrases = [*phrases[:shown], f"one of {len(phrases) - shown} more"]
    *head, last = phrases
    return f"{', '.join(head)} or {last}" if head else last


def choices(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values that ``const`` or ``enum`` allow, ``[]`` when the schema has neither."""
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def phrases(schema: Mapping[str, Any]) -> list[str]:
    """Return what a value has to be, as alternatives to be joined by ``either``.

    >>> phrases({"type": "integer", "minimum": 1})
    ['an integer of at least 1']
    >>> phrases({"enum": ["mean", "median"]})
    ['"mean"', '"median"']
    """
    if "const" in schema or "enum" in schema:
        return [json.dumps(choice, ensure_ascii=False) for choice in choices(schema)]
    if "pattern" in schema:
        if schema["pattern"] == _EXTENSION:
            return ["a name that begins with x-"]
        title, description = schema.get("title"), schema.get("description")
        named = _TITLES.get(str(title), description or title)
        return [named or f"text that matches {schema['pattern']}"]
    kind = schema.get("type", [])
    names = [_TYPES[name] for name in ([kind] if isinstance(kind, str) else kind)]
    return [" ".join([either(names) if names else "a value", *_limits(schema)])]


def instead(found: Any, schemas: Iterable[Mapping[str, Any]]) -> str | None:
    """Return what to write instead of ``found``, when one of the schemas shows what was meant.

    >>> instead("medain", [{"enum": ["mean", "median"]}])
    'write "median"'
    >>> instead("100", [{"type": "integer"}])
    'write 100 without quotes'
    """
    schemas = list(schemas)
    if isinstance(found, str):
        allowed = [item for schema in schemas for item in choices(schema) if isinstance(item, str)]
        near = closest(found, allowed)
        if near is not None:
            return f"write {json.dumps(near)}"
        return next(filter(None, (_unquoted(found, schema) for schema in schemas)), None)
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return None
    return next(filter(None, (_quoted(found, schema) for schema in schemas)), None)


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    for keyword, words in _BOUNDS.items():
        if keyword in schema:
            yield words.format(schema[keyword])
    for keyword, (words, noun) in _SIZES.items():
        if keyword in schema:
            yield f"of {words} {count(schema[keyword], noun)}"
    if schema.get("uniqueItems"):
        yield "without repeated items"


def _unquoted(found: str, schema: Mapping[str, Any]) -> str | None:
    number = {"integer": r"-?(0|[1-9]\d{0,30})", "number": r"-?(0|[1-9]\d{0,30})(\.\d{1,30})?"}
    pattern = number.get(str(schema.get("type")))
    if pattern and re.fullmatch(pattern, found, re.ASCII):
        return f"write {found} without quotes"
    return None


def _quoted(found: int | float | Decimal, schema: Mapping[str, Any]) -> str | None:
    if schema.get("type") != "string" or "pattern" not in schema:
        return None
    text = shorten(found)
    if not re.search(schema["pattern"], text):
        return None
    digits = " with the digits of the paper" if schema.get("title") == "Printed" else ""
    return f'write "{text}" in quotes{digits}'
