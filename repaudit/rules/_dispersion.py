"""Printed dispersions: the variances they may mean, and those that values can have."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, isqrt, sqrt

from repaudit.contract.claim import Claim
from repaudit.rules._counts import Read
from repaudit.rules._quantity import Interval
from repaudit.rules._shares import SINGLE, is_share

ROUNDING = 1e-12
"""Of deviations computed here in float64, on the scale of shares."""


def printed_variance(claim: Claim, read: Read, groups: int) -> Interval | None:
    """Return the variances over so many groups that print as a claim's dispersion.

    A standard error counts for the deviation it is made of. A dispersion is read both in the
    rounding of its claim and to nearest, since only the value's is declared. ``None`` for any
    other kind of dispersion, or one that was read off a figure.
    """
    spread = claim.spread
    if spread is None or spread.value is None or spread.statistic not in ("std", "sem"):
        return None
    ends = printed_end(claim, read, "value")
    if ends is None:
        return None
    slack = SINGLE if is_share(claim) else ends[1] * SINGLE
    factor = groups if spread.statistic == "sem" else 1
    low, high = max(ends[0] - slack, Fraction(0)), ends[1] + slack
    return low**2 * factor, high**2 * factor


def printed_end(claim: Claim, read: Read, key: str) -> Interval | None:
    """Return what one number of a claim's dispersion may mean, on the scale of the claim."""
    printed = getattr(claim.spread, key)
    if printed is None or claim.reading_error is not None:
        return None
    same = claim.model_copy(update={"value": printed})
    readings = [read(same), read(same.model_copy(update={"rounding": "half"}))]
    lows, highs = zip(*(reading for reading in readings if reading is not None), strict=True)
    return min(lows), max(highs)


def divisors_of(claim: Claim) -> tuple[int, ...]:
    """Return what may be taken off the divisor of the variance: 0, 1, or either when unsaid."""
    ddof = claim.spread.ddof if claim.spread is not None else None
    return (ddof,) if isinstance(ddof, int) else (0, 1)


def deviation_of_values(values: Sequence[Interval], ddof: int) -> tuple[float, float]:
    """Return bounds on the standard deviation of numbers that are known up to their digits.

    A deviation moves by at most the length of the vector of half-widths over sqrt(S - ddof).
    """
    middles = [float(low + high) / 2 for low, high in values]
    halves = [float(high - low) / 2 for low, high in values]
    center = sum(middles) / len(middles)
    divisor = len(values) - ddof
    found = sqrt(sum((value - center) ** 2 for value in middles) / divisor)
    slack = sqrt(sum(half**2 for half in halves) / divisor) + ROUNDING
    return found - slack, found + slack


def has_counts(total: int, size: int, groups: int, squares: Interval) -> bool:
    """Return whether 2 or 3 counts in 0..size have a sum and a sum of squared deviations.

    Exact in integers: with A = 3 K - total and d the difference of the other two counts, three
    times the squared deviations is (A^2 + 3 d^2) / 2.

    >>> has_counts(3, 10, 3, (Fraction(2), Fraction(2)))  # 0, 1, 2
    True
    >>> has_counts(3, 10, 3, (Fraction(1), Fraction(1)))  # 0 (1, 1, 1) comes before 2
    False
    """
    if groups == 2:
        return _has_difference(total, size, ceil(2 * squares[0]), floor(2 * squares[1]), 1)
    low, high = ceil(6 * squares[0]), floor(6 * squares[1])
    # The smallest count lies at or below the mean, at a distance the squares allow.
    first = max(0, -(-(total - isqrt(max(high, 0))) // 3))
    for smallest in range(total // 3, first - 1, -1):
        square = (3 * smallest - total) ** 2
        if _has_difference(total - smallest, size, low - square, high - square, 3):
            return True
    return False


def _has_difference(total: int, size: int, low: int, high: int, factor: int) -> bool:
    """Whether two counts in 0..size with a sum have factor * difference^2 in low..high."""
    if high < 0 or not 0 <= total <= 2 * size:
        return False
    largest = min(isqrt(high // factor), total, 2 * size - total)
    needed = -(-max(low, 0) // factor)
    smallest = isqrt(needed - 1) + 1 if needed > 0 else 0
    smallest += (smallest - total) % 2
    return smallest <= largest
