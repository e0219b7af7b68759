"""A number as its author printed it: the digits are part of the statement."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

Rounding = Literal["half", "floor", "ceil"]
PRINTED = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$", re.ASCII)

_KEPT = 2**14
"""Numbers whose meaning is remembered."""
LARGEST = 300
"""Power of ten up to which a printed number is one that arithmetic can hold."""


@dataclass(frozen=True)
class Printed:
    """A printed number: ``text`` as it stands, meaning an interval around its value.

    >>> Printed("92.10").interval("half")
    (Fraction(18419, 200), Fraction(18421, 200))
    """

    text: str
    """The author's digits, unchanged."""

    def __post_init__(self) -> None:
        """Refuse what is no printed number (``ValueError``)."""
        if len(self.text) > 64 or not PRINTED.fullmatch(self.text):
            raise ValueError(f"expected a number as printed, got {self.text[:64]!r}")
        number = Decimal(self.text)
        if abs(self.exponent) > LARGEST or (number and abs(number.adjusted()) >= LARGEST):
            raise ValueError(f"expected a number between 1e-{LARGEST} and 1e{LARGEST}")

    @property
    def exponent(self) -> int:
        """Power of ten of the last printed digit."""
        exponent = Decimal(self.text).as_tuple().exponent
        assert isinstance(exponent, int)  # the pattern admits no NaN or infinity
        return exponent

    @property
    def value(self) -> Fraction:
        """The number itself, exactly."""
        return _value(self.text)

    @property
    def ulp(self) -> Fraction:
        """One unit of the last printed digit."""
        return Fraction(10) ** self.exponent

    def interval(self, rounding: Rounding) -> tuple[Fraction, Fraction]:
        """Return the closed interval of values that print as this text.

        ``half``: v - u/2 .. v + u/2 (up or to even); ``floor``: v .. v + u; ``ceil``: v - u .. v,
        u = one unit of the last digit. The open ends of floor and ceil are included.
        """
        return _interval(self, rounding)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, data: object) -> "Printed":
        """Return the printed number; a JSON number is refused (92.10 would become 92.1)."""
        if isinstance(data, Printed):
            return data
        if not isinstance(data, str):
            raise ValueError("expected a number as printed, in quotes")
        return cls(data)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": PRINTED.pattern, "maxLength": 64, "title": "Printed"}


# Every rule asks for the same few digits again.
@lru_cache(_KEPT)
def _value(text: str) -> Fraction:
    return Fraction(Decimal(text))


@lru_cache(_KEPT)
def _interval(printed: Printed, rounding: Rounding) -> tuple[Fraction, Fraction]:
    value, ulp = printed.value, printed.ulp
    if rounding == "half":
        return value - ulp / 2, value + ulp / 2
    return (value, value + ulp) if rounding == "floor" else (value - ulp, value)
