"""The scalar types of the results file: names, exact settings, references to files."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from repaudit.contract.base import Declared

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9.][A-Za-z0-9._+-]*$"),
    Field(title="Id", description="a name: letters, digits, dot, underscore, plus and minus"),
]
Location = Annotated[
    str,
    StringConstraints(min_length=1),
    Field(description='"input", "network_input" or a step\'s id: the coordinates after it'),
]
Sha256 = Annotated[
    str,
    StringConstraints(pattern="^[0-9a-f]{64}$"),
    Field(title="Sha256", description="SHA-256 of the file, 64 lower-case hexadecimal digits"),
]
Library = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._-]+(==[A-Za-z0-9.!+_-]+)?$"),
    Field(title="Library", description="a library, `name` or `name==version`"),
]

_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_REAL = re.compile(rf"^{_DECIMAL}(/{_DECIMAL})?$", re.ASCII)


@dataclass(frozen=True, order=True)
class Real:
    """An exact setting: a decimal or a fraction such as ``8/255``; equality is by value.

    >>> Real.parse("0.020") == Real.parse(".02")
    True
    >>> float(Real.parse("8/255")) == 8 / 255
    True
    """

    value: Fraction
    """The exact number."""

    @classmethod
    def parse(cls, data: object) -> "Real":
        """Return the setting written as a JSON number or string; ``ValueError`` otherwise."""
        if isinstance(data, Real):
            return data
        text = data if isinstance(data, str) else _digits_of(data)
        if len(text) > 64 or not _REAL.fullmatch(text):
            raise ValueError(f"expected a number or a fraction, got {text[:64]!r}")
        if _huge(text):
            raise ValueError(f"expected an exponent between -300 and 300, got {text!r}")
        top, _, bottom = text.partition("/")
        divisor = Fraction(bottom) if bottom else Fraction(1)
        if divisor == 0:
            raise ValueError("expected a fraction with a divisor other than 0")
        value = Fraction(top) / divisor
        if abs(value) >= 10**300 or 0 < abs(value) < Fraction(1, 10**300):
            raise ValueError(f"expected a number between 1e-300 and 1e300, got {text!r}")
        return cls(value)

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        if self.value.denominator == 1:
            return str(self.value.numerator)
        shown = f"{float(self.value):.12g}"
        exact = Fraction(shown) == self.value
        return shown if exact else f"{self.value.numerator}/{self.value.denominator}"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": ["number", "string"],
            "pattern": _REAL.pattern,
            "maxLength": 64,
            "title": "Real",
        }


def _huge(text: str) -> bool:
    """Whether an exponent would make the exact fraction unreasonably large."""
    return any(abs(int(exponent)) > 300 for exponent in re.findall(r"[eE]([+-]?\d+)", text))


def _digits_of(data: object) -> str:
    if isinstance(data, bool) or not isinstance(data, int | float | Decimal):
        raise ValueError(f"expected a number or a fraction, got {type(data).__name__}")
    return str(data)


class File(Declared):
    """A file beside the results file, with its hash."""

    path: str
    """relative to the results file, or to the named root; never outside either"""
    sha256: Sha256
    root: Id | None = None
    """a named root given on the command line (--root NAME=DIR)"""
