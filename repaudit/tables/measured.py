"""The column that an audit adds to a table: what we measured, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from math import isfinite
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Estimate
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched

ABSENT: Final = "–"
_DIGITS: Final = 6
"""Significant digits of a number that its author prints with fewer."""
_WEAKER: Final = {
    "certified_radius": ROUND_FLOOR,
    "recording_radius": ROUND_FLOOR,
    "certified_snr": ROUND_CEILING,
}
"""How a certificate is rounded: never towards the stronger one."""


@dataclass(frozen=True)
class Audited:
    """An audit as a table needs it."""

    by_pointer: Mapping[str, Comparison]
    note: str
    """which audit it is, for the footnote"""

    @classmethod
    def of(cls, audit: Audit) -> "Audited":
        """Return what a table shows of an audit."""
        level = f"level {audit.level}" if audit.level is not None else "no level"
        note = (
            f"measured: our re-run, [99 % of honest values], and the verdict; audit of "
            f"{audit.started[:10]}, {level}, nonce {audit.nonce}, repaudit "
            f"{audit.environment.repaudit}. Radii are rounded down, SNR up."
        )
        return cls({c.pointer: c for c in audit.comparisons if c.kind == "claim"}, note)

    def text(self, matched: Matched) -> str:
        """Return ``87.50 [85.42, 89.59], overstated``; without a number the verdict alone."""
        comparison = self.by_pointer.get(matched.pointer)
        if comparison is None:
            return ABSENT
        verdict = comparison.verdict.value.replace("_", " ")
        if comparison.measured is not None and comparison.measured.value is not None:
            return f"{_estimate(comparison.measured, matched.claim)}, {verdict}"
        recomputed = comparison.recomputed
        if recomputed is not None and recomputed.value is not None:
            value = _number(recomputed.value, matched.claim, _way(matched.claim))
            return f"recomputed {value}, {verdict}"
        return verdict


def _estimate(estimate: Estimate, claim: Claim) -> str:
    assert estimate.value is not None
    value = _number(estimate.value, claim, _way(claim))
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return value
    # An interval is rounded outwards, so that it still covers what it covers.
    low = _number(estimate.low, claim, ROUND_FLOOR)
    return f"{value} [{low}, {_number(estimate.high, claim, ROUND_CEILING)}]"


def _way(claim: Claim) -> str:
    return _WEAKER.get(claim.metric, ROUND_HALF_EVEN)


def _number(value: float, claim: Claim, way: str) -> str:
    """Return a number with as many decimals as the author prints, in plain digits."""
    if not isfinite(value):
        return ABSENT
    exact = Decimal(repr(value))
    exponent = 0 if claim.value is None else min(claim.value.exponent, 0)
    # A number far smaller than the printed one keeps digits of its own.
    if exact and exact.adjusted() < exponent:
        exponent = exact.adjusted() - _DIGITS + 1
    return f"{exact.quantize(Decimal(1).scaleb(exponent), rounding=way):f}"
