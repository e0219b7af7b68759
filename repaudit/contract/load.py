"""From a file to the typed results: read, parse strictly, hold against the schema, build.

The published JSON Schema is the gate: what it lets through, the typed models accept, and what
they still refuse is reported in the same shape.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from repaudit._core.errors import ContractError, InputError
from repaudit._core.resources import data_dir
from repaudit.contract.explain import explain, place
from repaudit.contract.model_faults import model_faults
from repaudit.contract.positions import Place, Position, find_places
from repaudit.contract.strict import parse_strict, text_of

if TYPE_CHECKING:
    from jsonschema import TypeChecker
    from jsonschema.exceptions import ValidationError as SchemaError

    from repaudit.contract.results import Results

__all__ = [
    "MAX_BYTES",
    "Document",
    "load",
    "load_document",
    "load_results",
    "parse_strict",
    "read_bytes",
]

MAX_BYTES: Final = 512 * 2**20
"""Largest document read; everything in it is held in memory."""


@dataclass(frozen=True, eq=False)
class Document:
    """A JSON document as it was read, valid against its schema."""

    path: Path
    """As the user gave it."""
    raw: bytes = field(repr=False)
    """The file, unchanged."""
    sha256: str
    """Of ``raw``, lower-case hexadecimal."""
    value: Any = field(repr=False)
    """Parsed: numbers are int or Decimal, keys are unique."""

    def position(self, pointer: str) -> Position:
        """Return where a value begins, or its nearest existing parent; walks the whole text."""
        return self.places([pointer])[pointer].value

    def places(self, pointers: Iterable[str]) -> dict[str, Place]:
        """Return where keys and values begin, for many pointers in one walk."""
        return find_places(text_of(self.raw, str(self.path)), pointers)


def load_results(path: Path) -> tuple[Results, Document]:
    """Return a results file as typed objects, and the document they came from.

    Raises ``InputError`` when the file cannot be read and ``ContractError``, with every problem
    and its position, when it is not a results file.
    """
    from pydantic import ValidationError

    from repaudit.contract.results import Results

    document = load_document(path, published_schema("results"))
    try:
        return Results.model_validate(document.value), document
    except ValidationError as error:
        text = text_of(document.raw, str(path))
        raise ContractError(place(model_faults(error, document.value), text, str(path))) from None


def load(path: str | Path) -> Results:
    """Return a results file as typed objects; raises as ``load_results``."""
    return load_results(Path(path))[0]


def published_schema(name: str) -> dict[str, Any]:
    """Return a published JSON Schema, ``results`` or ``audit``; reading beats generating it."""
    text = (data_dir("schemas") / f"{name}.v1.schema.json").read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema


def load_document(path: Path, schema: Mapping[str, Any]) -> Document:
    """Return the JSON document at ``path``, held against a JSON Schema (2020-12).

    Raises ``InputError`` when the file cannot be read, ``ContractError`` when it is not strict
    JSON (the first fault) or not valid (every problem).
    """
    raw = read_bytes(path)
    file = str(path)
    value = parse_strict(raw, file)
    errors = list(schema_errors(value, schema))
    if errors:
        raise ContractError(explain(errors, text_of(raw, file), file))
    return Document(path, raw, hashlib.sha256(raw).hexdigest(), value)


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file of at most ``limit`` bytes, else ``InputError``."""
    where = str(path)
    try:
        if not path.exists():
            raise InputError(where, "a file", "none", "check the path")
        # A pipe or a device may block or never end.
        if not path.is_file():
            raise InputError(where, "a file", "a folder" if path.is_dir() else "a device")
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(where, "a readable file", str(reason).lower()) from None
    if len(raw) > limit:
        raise InputError(where, f"at most {limit} bytes", "more")
    return raw


def schema_errors(value: Any, schema: Mapping[str, Any]) -> Iterator[SchemaError]:
    """Yield the errors of a parsed document; ``Decimal`` is a number, ``1.0`` an integer."""
    from jsonschema import Draft202012Validator, validators

    types = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number)
    validator: Any = validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {"pattern": _pattern},
        type_checker=types.redefine("integer", _is_integer),
    )
    yield from validator(schema).iter_errors(value)


def _is_number(_: TypeChecker, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_: TypeChecker, value: object) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_: Any, pattern: str, value: object, __: Any) -> Iterator[SchemaError]:
    r"""Match as JSON Schema means it: ``$`` is the very end and a digit is one of 0-9.

    Python's ``$`` also matches before a final line end and its ``\d`` knows all scripts.
    """
    from jsonschema.exceptions import ValidationError

    exact = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(exact, value, re.ASCII):
        yield ValidationError(f"{value!r} does not match {pattern!r}")
