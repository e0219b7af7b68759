"""How a measured number is written into a claim: digits and rounding towards the weaker claim."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

from repaudit.audit.comparison import Estimate
from repaudit.contract.claim import Claim
from repaudit.contract.printed import Printed, Rounding
from repaudit.metrics.base import CannotEstimate, Metric
from repaudit.metrics.estimate import metric_of

_MODES = {"half": ROUND_HALF_EVEN, "floor": ROUND_FLOOR, "ceil": ROUND_CEILING}
_ZERO_DIGITS = 9
"""Decimals of a printed 0, which has no significant digit."""


def printed(claim: Claim, estimate: Estimate, digits: int | None = None) -> Printed:
    """Return the number as it is printed in the claim.

    Radii floored to 4 significant digits, SNR rounded up to 2 decimals, shares half to 2
    decimals of percent or 4 of a fraction, geometry half to 5 significant digits; the claim's
    own ``rounding`` when it has one. ``digits`` replaces the number of digits.

    Raises ``CannotEstimate`` for an undefined number.
    """
    if estimate.value is None:
        raise CannotEstimate(estimate.method)
    metric = metric_of(claim)
    exponent = _exponent(Decimal(estimate.value), claim, metric, digits)
    mode = _MODES[rounding_for(claim)]
    digits_kept = Decimal(estimate.value).quantize(Decimal(1).scaleb(exponent), mode)
    # With an exponent above 0 plain digits would claim more of them than there are.
    return Printed(format(digits_kept, "f") if exponent <= 0 else str(digits_kept))


def rounding_for(claim: Claim) -> Rounding:
    """Return the claim's declared rounding, else the one we write."""
    if "rounding" in claim.model_fields_set:
        return claim.rounding
    defaults: dict[str, Rounding] = {"coordinates": "floor", "dB": "ceil"}
    return defaults.get(metric_of(claim).unit, "half")


def filled(claim: Claim, estimate: Estimate, digits: int | None = None) -> Claim:
    """Return the claim with its value, the rounding it was written by, and its interpolation."""
    changes: dict[str, Any] = {
        "value": printed(claim, estimate, digits),
        "rounding": rounding_for(claim),
    }
    if claim.statistic in ("median", "quantile") and claim.interpolation is None:
        changes["interpolation"] = metric_of(claim).quantile
    return claim.model_copy(update=changes)


def _exponent(value: Decimal, claim: Claim, metric: Metric, digits: int | None) -> int:
    """Return the power of ten of the last digit to print."""
    if metric.unit == "examples":
        # A mean over runs may lie between two counts.
        return -(digits or 0) if value == value.to_integral_value() else -(digits or 2)
    if metric.unit == "share":
        return -(digits if digits is not None else 2 if claim.unit == "percent" else 4)
    if metric.unit == "dB":
        return -(digits if digits is not None else 2)
    if value == 0:
        return -_ZERO_DIGITS
    significant = digits if digits is not None else 4 if metric.unit == "coordinates" else 5
    return value.adjusted() - significant + 1
