"""Whole numbers behind printed shares, exactly."""

from collections.abc import Callable
from math import ceil, floor

from repaudit.audit.finding import Severity
from repaudit.contract.claim import Claim
from repaudit.rules._quantity import COUNTS, Interval, interval_of
from repaudit.rules._reading import truncated_interval

Range = tuple[int, int]
"""Smallest and largest possible count, both included."""
Read = Callable[[Claim], Interval | None]
"""How the digits of a claim are read."""


def loosely(claim: Claim) -> Interval | None:
    """Return the values that print as this claim, rounded as declared or truncated silently."""
    declared, truncated = interval_of(claim), truncated_interval(claim)
    if declared is None or truncated is None or claim.metric in COUNTS:
        return declared
    return min(declared[0], truncated[0]), max(declared[1], truncated[1])


def severity_of(fits: Callable[[Read], bool], worst: Severity) -> Severity | None:
    """Return how bad it is that printed numbers contradict each other; ``None`` when they do not.

    ``fits`` says whether the numbers agree when each is read in the given way. A warning when
    truncation that nobody declared could save them.
    """
    if fits(interval_of):
        return None
    return Severity.WARNING if fits(loosely) else worst


def whole(interval: Interval, total: int = 1) -> Range | None:
    """Return the counts out of ``total`` whose share lies in an interval; ``None`` without one.

    >>> from fractions import Fraction
    >>> whole((Fraction(74, 100), Fraction(76, 100)), 100)
    (74, 76)
    >>> whole((Fraction(31, 100), Fraction(33, 100)), 2) is None
    True
    """
    low, high = ceil(interval[0] * total), floor(interval[1] * total)
    return (low, high) if low <= high else None


def share_of(interval: Interval, totals: Range) -> Range | None:
    """Return the counts whose share of some total lies in an interval; ``None`` without one.

    >>> from fractions import Fraction
    >>> share_of((Fraction(49, 100), Fraction(51, 100)), (3, 5))
    (2, 2)
    """
    tried = range(totals[0], min(totals[1], totals[0] + _TRIED) + 1)
    found = [counts for total in tried if (counts := whole(interval, total)) is not None]
    if totals[1] > tried[-1]:
        # So many totals leave no gap between the counts: the outer ones bound them.
        found.append((ceil(interval[0] * totals[0]), floor(interval[1] * totals[1])))
    if not found:
        return None
    return max(0, min(low for low, _ in found)), min(totals[1], max(high for _, high in found))


_TRIED = 2000
"""Totals tried one by one; a printed count has one, a printed share of 10^6 examples hundreds."""


def minus(one: Range, other: Range) -> Range:
    """Return what the difference of two counts may be.

    >>> minus((5, 6), (1, 3))
    (2, 5)
    """
    return one[0] - other[1], one[1] - other[0]


def meets(one: Range, low: int, high: int) -> bool:
    """Return whether a count may lie between two, both included."""
    return one[0] <= high and one[1] >= low
