"""Whether two printed numbers can be one number."""

from fractions import Fraction
from functools import lru_cache

from repaudit.contract.claim import Claim
from repaudit.contract.printed import Printed, Rounding

Interval = tuple[Fraction, Fraction]
COUNTS = {"adversarial_count", "samples_per_input"}
"""Counts with every digit printed are not rounded."""
SCALE = {"percent": Fraction(1, 100), "ms": Fraction(1, 1000)}


def interval_of(claim: Claim) -> Interval | None:
    """Return the values that print as this claim, shares as fractions and times in seconds."""
    if claim.value is None:
        return None
    is_exact = claim.metric in COUNTS and claim.value.exponent == 0
    return _scaled(claim.value, claim.rounding, claim.unit, is_exact, claim.reading_error)


# Most rules ask for the interval of most claims.
@lru_cache(2**14)
def _scaled(
    value: Printed, rounding: Rounding, unit: str | None, is_exact: bool, error: Printed | None
) -> Interval:
    low, high = (value.value, value.value) if is_exact else value.interval(rounding)
    if error is not None:
        low, high = value.value - error.value, value.value + error.value
    scale = SCALE.get(unit or "", Fraction(1))
    return low * scale, high * scale


def differ(one: Claim, other: Claim) -> bool:
    """Return whether no number prints as both claims; a claim without a value prints nothing."""
    first, second = interval_of(one), interval_of(other)
    if first is None or second is None:
        return False
    return first[1] < second[0] or second[1] < first[0]


def quantity_key(claim: Claim) -> tuple[object, ...] | None:
    """Return what the number is of; None when the claim leaves that open."""
    key = (*claim.identity, claim.across, claim.interpolation)
    return None if "unstated" in key else key
