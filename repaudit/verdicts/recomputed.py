"""The author's own counts against the author's own numbers: exact, no re-run needed."""

from dataclasses import dataclass

from repaudit.audit.comparison import Estimate
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Records
from repaudit.metrics.base import CannotEstimate, Undefined
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import estimate, metric_of, readings
from repaudit.verdicts.question import declared_interval

_RELATIVE = 1e-9
"""Rounding of float64 sums: far below any printed digit."""
_GEOMETRY = (1e-6, 3e-7)
"""Relative and absolute: released norms may be in float32."""


@dataclass(frozen=True)
class Recomputation:
    """One claim from the released counts."""

    estimate: Estimate | None
    """None when there is no evidence, or it does not hold what the claim needs"""
    agrees: bool | None
    """whether any reading of the claim's definition gives the claimed number; None = no number"""
    reason: str | None = None
    """why there is no number"""


NOTHING = Recomputation(None, None)
"""For an evaluation without evidence."""


def recompute(claim: Claim, context: Context, records: Records) -> Recomputation:
    """Return the claim's number from released counts, and whether it is the claimed one."""
    try:
        found = estimate(claim, context, records, "released")
        if claim.value is None:
            return Recomputation(found, None, "no value is declared")
        low, high = map(float, declared_interval(claim))
        intervals = readings(claim, context, records).intervals
    except (CannotEstimate, UnstatedError) as error:
        return Recomputation(None, None, str(error))
    except Undefined:
        return Recomputation(found, None, found.method)
    agrees = any(
        low - _slack(claim, most) <= most and least <= high + _slack(claim, least)
        for least, most in intervals
    )
    return Recomputation(found, agrees)


def _slack(claim: Claim, value: float) -> float:
    if metric_of(claim).family == "geometry":
        relative, absolute = _GEOMETRY
        return max(relative * abs(value), absolute)
    return _RELATIVE * abs(value)
