"""Whether two printed numbers can be one number."""

from fractions import Fraction

from repaudit.contract.claim import Claim

Interval = tuple[Fraction, Fraction]
COUNTS = {"adversarial_count", "samples_per_input"}
"""Counts with every digit printed are not rounded."""
SCALE = {"percent": Fraction(1, 100), "ms": Fraction(1, 1000)}


def interval_of(claim: Claim) -> Interval | None:
    """Return the values that print as this claim, shares as fractions and times in seconds."""
    if claim.value is None:
        return None
    low, high = claim.value.interval(claim.rounding)
    if claim.metric in COUNTS and claim.value.exponent == 0:
        low = high = claim.value.value
    if claim.reading_error is not None:
        half = claim.reading_error.value
        low, high = claim.value.value - half, claim.value.value + half
    scale = SCALE.get(claim.unit or "", Fraction(1))
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
