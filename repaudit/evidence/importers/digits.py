"""How the numbers of a log were printed, read off the log itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from repaudit._core.text import count


@dataclass(frozen=True)
class Digits:
    """How many digits every number of a log was rounded to."""

    number: int
    are_decimals: bool
    """behind the point; else significant ones, with trailing zeros left out"""

    def interval(self, value: Decimal) -> tuple[Decimal, Decimal]:
        """Return the numbers that print so: half a unit to both sides, never below 0.

        A zero of significant digits is no rounded number: it is 0.

        >>> [str(end) for end in Digits(3, False).interval(Decimal("0.5"))]
        ['0.4995', '0.5005']
        >>> [str(end) for end in Digits(4, True).interval(Decimal("0.0000"))]
        ['0', '0.00005']
        """
        if not self.are_decimals and value == 0:
            return Decimal(0), Decimal(0)
        last = -self.number if self.are_decimals else value.adjusted() - self.number + 1
        half = Decimal(5).scaleb(last - 1)
        return max(value - half, Decimal(0)), value + half

    def __str__(self) -> str:
        return count(self.number, "decimal" if self.are_decimals else "significant digit")


def digits_of(texts: Sequence[str]) -> Digits:
    """Return how a log's numbers were printed.

    All with as many decimals: fixed decimals. Otherwise significant digits, as many as the
    longest number has. Where both are possible the fixed ones are the wider intervals.

    ``texts``  at least one decimal number, plain or with an exponent

    >>> str(digits_of(["0.0", "1.35", "0.0125"])), str(digits_of(["0.7501", "0.0000"]))
    ('3 significant digits', '4 decimals')
    """
    decimals = {len(text.partition(".")[2]) for text in texts}
    if len(decimals) == 1 and not any("e" in text.lower() for text in texts):
        return Digits(decimals.pop(), are_decimals=True)
    return Digits(max(_significant(text) for text in texts), are_decimals=False)


def _significant(text: str) -> int:
    return max(len(Decimal(text).normalize().as_tuple().digits), 1)
