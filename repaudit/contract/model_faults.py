"""From the errors of the typed models to faults, for what the JSON Schema cannot say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from repaudit._core.text import shorten
from repaudit.contract.explain import Fault
from repaudit.contract.positions import pointer_of
from repaudit.contract.wording import either

if TYPE_CHECKING:
    from pydantic import ValidationError

_Path = tuple[str | int, ...]


def model_faults(error: ValidationError, document: Any) -> Iterator[Fault]:
    """Yield what the typed models refuse in ``document``: one fault per place.

    The models report every member of a union; those that name one place become one expectation,
    and those that stop above a fault were not meant.
    """
    found: dict[_Path, Any] = {}
    expected: dict[_Path, dict[str, None]] = defaultdict(dict)
    keys: set[_Path] = set()
    for detail in error.errors(include_url=False):
        path = _path_in(document, detail["loc"])
        found[path] = detail["input"]
        expected[path][_expected_by(detail["type"], detail["msg"])] = None
        if detail["loc"][-1:] == ("[key]",):  # the mark of an error in a key
            keys.add(path)
    above = {path[:length] for path in found for length in range(len(path))}
    for path in found.keys() - above:
        words = either(list(expected[path]))
        yield Fault(pointer_of(path), words, shorten(found[path]), is_key=path in keys)


def _expected_by(kind: str, message: str) -> str:
    """Return what a model error says was expected, without what it says was found."""
    if kind == "string_pattern_mismatch":
        return "text that matches " + message.partition(" pattern ")[2].strip("'")
    words = re.sub("^(Value error, )?(Input should be |expected )?", "", message)
    return words[:1].lower() + words[1:].partition(", got ")[0]


def _path_in(document: Any, loc: Sequence[str | int]) -> _Path:
    """Return the part of a model error's location that exists, without the tags of unions."""
    path: _Path = ()
    value = document
    for token in loc:
        index: Any = token
        if isinstance(value, list):
            exists = isinstance(token, int) and token < len(value)
        else:
            exists = isinstance(value, dict) and token in value
        if exists:
            value = value[index]
            path = (*path, token)
    return path
