"""How a printed number may be read: as declared, or as truncated without saying so."""

from collections.abc import Callable

from repaudit.audit.finding import Severity
from repaudit.contract.claim import Claim
from repaudit.rules._quantity import SCALE, Interval, interval_of


def truncated_interval(claim: Claim) -> Interval | None:
    """Return the values that would print as this claim if it had been truncated.

    ``None`` where truncation is no other reading: no value, a declared floor or ceil, or a value
    read off a figure.
    """
    if claim.value is None or claim.rounding != "half" or claim.reading_error is not None:
        return None
    low, high = claim.value.interval("floor" if claim.value.value >= 0 else "ceil")
    return low * SCALE.get(claim.unit or "", 1), high * SCALE.get(claim.unit or "", 1)


def severity_unless(fits: Callable[[Interval], bool], claim: Claim) -> Severity | None:
    """Return how bad it is that a claim's number is no possible one; ``None`` when it is one.

    ``fits`` says whether any number of an interval is possible. Error when no reading of the
    digits is; warning when only an undeclared truncation saves it.
    """
    declared = interval_of(claim)
    if declared is None or fits(declared):
        return None
    truncated = truncated_interval(claim)
    return Severity.WARNING if truncated is not None and fits(truncated) else Severity.ERROR
