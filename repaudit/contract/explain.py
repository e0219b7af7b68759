"""From the errors of the JSON Schema validator to problems a person can act on.

A schema error names a keyword; a problem names a place in the file, what belongs there and,
where it can be told, what to type. Alternatives that the value was never meant to be are left
out, a missing or an unknown key is a problem each, and nothing is said twice.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from repaudit._core.errors import Problem
from repaudit._core.text import closest, shorten
from repaudit.contract.positions import find_places, pointer_of
from repaudit.contract.wording import either, instead, phrases

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SHOWN_KEYS: Final = 12
# Keywords that say something about the members of a value; any other keyword that fails at a
# value itself says that the value is of another kind.
_ABOUT_MEMBERS: Final = {"required", "additionalProperties", "dependentRequired"}
_KEY_SCHEMA: Final = "propertyNames"


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem before its place in the text is looked up."""

    pointer: str
    """JSON pointer of the value, or of the member whose key is at fault."""
    expected: str
    """In words."""
    found: str
    """In words or as JSON, shortened."""
    suggestion: str | None = None
    """What to type instead, when we can tell."""
    is_key: bool = False
    """Whether the position wanted is that of the key."""


def explain(errors: Iterable[ValidationError], text: str, file: str) -> tuple[Problem, ...]:
    """Return the problems behind ``errors`` in reading order, each once.

    ``text`` is the document that was validated, without its byte order mark; ``file`` is its
    path as the messages show it.
    """
    return place(faults_of(errors), text, file)


def place(faults: Iterable[Fault], text: str, file: str) -> tuple[Problem, ...]:
    """Return the faults with their positions in ``text``, in reading order, each once."""
    unique = list(dict.fromkeys(faults))
    places = find_places(text, [fault.pointer for fault in unique])
    problems = []
    for fault in unique:
        key, value = places[fault.pointer]
        line, column = key if fault.is_key and key else value
        problems.append(
            Problem(
                file, line, column, fault.pointer, fault.expected, fault.found, fault.suggestion
            )
        )
    return tuple(sorted(problems, key=lambda problem: problem.sort_key))


def faults_of(errors: Iterable[ValidationError]) -> Iterator[Fault]:
    """Yield the faults behind some schema errors; one fault may come more than once."""
    for error in errors:
        if _KEY_SCHEMA in _keywords(error):
            yield _bad_key(error)
        else:
            yield from _BY_KEYWORD.get(str(error.validator), _bad_value)(error)


def _bad_value(error: ValidationError) -> Iterator[Fault]:
    schema, found = error.schema, error.instance
    if isinstance(schema, Mapping):
        words = either(phrases(schema))
        yield Fault(_pointer(error), words, shorten(found), instead(found, [schema]))
    else:  # the schema ``false``
        yield Fault(_pointer(error), "no value", shorten(found))


def _bad_key(error: ValidationError) -> Fault:
    key: Any = error.instance
    words = either(phrases(error.schema)) if isinstance(error.schema, Mapping) else "no key"
    return Fault(pointer_of([*error.absolute_path, key]), words, shorten(key), is_key=True)


def _missing_keys(error: ValidationError) -> Iterator[Fault]:
    """Yield a fault per missing key: the validator reports them one by one without their name."""
    required: Any = error.validator_value
    present: Any = error.instance
    for key in required:
        if key not in present:
            yield Fault(_pointer(error), f"the key {_quote(key)}", shorten(present))


def _unknown_keys(error: ValidationError) -> Iterator[Fault]:
    schema: Any = error.schema
    present: Any = error.instance
    known, patterns = list(schema.get("properties", ())), list(schema.get("patternProperties", ()))
    unused = [key for key in known if key not in present]
    for key in present:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        near = closest(key, unused)
        expected = f"the key {_quote(near)}" if near else _some_key(known)
        suggestion = f"write {_quote(near)}" if near else _extension(key, patterns)
        pointer = pointer_of([*error.absolute_path, key])
        yield Fault(pointer, expected, shorten(key), suggestion, is_key=True)


def _alternatives(error: ValidationError) -> Iterator[Fault]:
    """Explain ``anyOf``: the alternative the value was meant to be, or what each of them is."""
    branches = _branches(error)
    meant = [_explained(inner) for inner in branches if not _is_of_another_kind(inner)]
    if meant:
        yield from min(meant, key=len)
        return
    schemas = [schema for inner in branches for schema in _refused_by(inner)]
    words = dict.fromkeys(phrase for schema in schemas for phrase in phrases(schema))
    # Kinds of value read better before single values: an integer or "unstated".
    ordered = sorted(words, key=lambda phrase: phrase.startswith('"'))
    expected = either(ordered) if ordered else "exactly one of its alternatives"
    found = error.instance
    yield Fault(_pointer(error), expected, shorten(found), instead(found, schemas))


def _explained(errors: Iterable[ValidationError]) -> list[Fault]:
    return list(dict.fromkeys(faults_of(errors)))


def _is_of_another_kind(branch: Iterable[ValidationError]) -> bool:
    """Whether a branch of an alternative refuses the value itself, not one of its members."""
    return any(
        not error.path
        and error.validator not in _ABOUT_MEMBERS
        and _KEY_SCHEMA not in _keywords(error)
        and all(map(_is_of_another_kind, _branches(error)))
        for error in branch
    )


def _branches(alternatives: ValidationError) -> list[list[ValidationError]]:
    """Return the errors of each alternative; ``[]`` for an error that is not of alternatives."""
    branches: dict[Any, list[ValidationError]] = defaultdict(list)
    for inner in alternatives.context or ():
        if not inner.relative_schema_path:
            continue  # the alternative ``false``: nothing is ever meant to be it
        branches[inner.relative_schema_path[0]].append(inner)
    return list(branches.values())


def _refused_by(branch: Iterable[ValidationError]) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas that describe a branch, those of nested alternatives one by one."""
    for error in branch:
        if error.path or error.validator in _ABOUT_MEMBERS:
            continue
        if error.context:
            yield from _refused_by(error.context)
        elif isinstance(error.schema, Mapping):
            yield error.schema


def _some_key(known: list[str]) -> str:
    if not known:
        return "no key"
    return f"one of the keys {either([_quote(key) for key in known], _SHOWN_KEYS)}"


def _extension(key: str, patterns: Iterable[str]) -> str | None:
    return f"keep it as {shorten('x-' + key)}" if "^x-" in patterns else None


def _keywords(error: ValidationError) -> list[Any]:
    """Return the schema path below the error's parent, without names of members."""
    path = list(error.relative_schema_path)
    named = {"properties", "patternProperties", "$defs"}
    return [
        token for before, token in zip([None, *path], path, strict=False) if before not in named
    ]


def _pointer(error: ValidationError) -> str:
    return pointer_of(error.absolute_path)


def _quote(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


_BY_KEYWORD: Final[Mapping[str, Callable[[ValidationError], Iterator[Fault]]]] = {
    "required": _missing_keys,
    "additionalProperties": _unknown_keys,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
}
