"""How an honest author prints a number."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from math import ceil, log10
from typing import Any

WAYS = {
    "half_even": ROUND_HALF_EVEN,
    "half_up": ROUND_HALF_UP,
    "floor": ROUND_FLOOR,
    "ceil": ROUND_CEILING,
}


def digits(value: float, decimals: int, way: str) -> str:
    """Return a number with so many decimals.

    >>> digits(0.125, 2, "half_even"), digits(0.125, 2, "half_up")
    ('0.12', '0.13')
    """
    exact = Decimal(repr(float(value)))
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=WAYS[way]):f}"


def printed(value: float, decimals: int, way: str) -> dict[str, Any]:
    """Return the value of a claim, with its rounding where that is not to nearest."""
    declared = {} if way.startswith("half") else {"rounding": way}
    return {"value": digits(value, decimals, way), **declared}


def radius_decimals(sigma: str, decimals: int) -> int:
    """Return the decimals that show a radius of this noise as well as others show theirs."""
    return decimals + max(ceil(-log10(float(sigma))), 0)
