"""From a column as it stands in a file to an array of its type."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from repaudit._core.text import shorten
from repaudit.evidence.columns import CLASSES, NULLABLE, Column
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.raw import RawTable

_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\Z")


@dataclass(frozen=True)
class Reader:
    """Converts the columns of one file."""

    path: Path
    raw: RawTable
    classes: int | None
    class_names: tuple[str, ...]

    def read(self, column: Column) -> NDArray[Any]:
        """Return the column as str, int64 or float64; ``EvidenceFault`` at the first bad value."""
        convert = {"text": _text, "integer": _integer, "number": _number}[column.type]
        values = self.raw.columns[column.name]
        if column.name == "label" or column.name in CLASSES:
            index = {name: position for position, name in enumerate(self.class_names)}
            values = _each(lambda v: index.get(v, v) if isinstance(v, str) else v, values)
        if column.name in NULLABLE:
            found = _each(lambda v: math.nan if _is_undefined(v) else convert(v), values)
        else:
            found = _each(convert, values)
        if None in found:
            row = next(row for row, value in enumerate(found) if value is None)
            self._refuse(column, row, values[row])
        dtype: type = {"text": np.str_, "integer": np.int64, "number": np.float64}[column.type]
        return np.array(found, dtype)

    def _refuse(self, column: Column, row: int, value: object) -> NoReturn:
        words = {"text": "a name", "integer": "an integer", "number": "a finite number"}
        expected = words[column.type]
        if (column.name == "label" or column.name in CLASSES) and self.class_names:
            expected += " or a class name"
        shown = shorten(value) if value is not None else "nothing"
        raise EvidenceFault(self.path, self.raw.place(row), column.name, expected, shown)


def _each(convert: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Return every value converted; a text that repeats is read once."""
    if set(map(type, values)) == {str}:
        known = {text: convert(text) for text in set(values)}
        return list(map(known.__getitem__, values))
    return list(map(convert, values))


def _text(value: object) -> str | None:
    """Return a non-empty name; an integer, such as a row index, is its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _integer(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -(2**63) <= value < 2**63 else None
    return int(value) if isinstance(value, str) and _INTEGER.match(value) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            return None
    elif isinstance(value, str) and _NUMBER.match(value):
        number = float(value)
    else:
        return None
    return number if math.isfinite(number) else None


def _is_undefined(value: object) -> bool:
    if isinstance(value, str):
        return value == "" or value.lower() == "nan"
    return value is None or (isinstance(value, float) and math.isnan(value))
