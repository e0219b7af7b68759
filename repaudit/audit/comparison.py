"""A comparison: declared beside recomputed and measured, and the verdict."""

from enum import StrEnum
from typing import Literal

from repaudit.audit.base import Said
from repaudit.audit.finding import Severity


class Verdict(StrEnum):
    """The outcome of a comparison (standard, section 6)."""

    REPRODUCED = "reproduced"
    OVERSTATED = "overstated"
    UNDERSTATED = "understated"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    NOT_CHECKED = "not_checked"

    @property
    def severity(self) -> Severity | None:
        """Error for overstated and refuted, warning for understated, else none."""
        if self in (Verdict.OVERSTATED, Verdict.REFUTED):
            return Severity.ERROR
        return Severity.WARNING if self is Verdict.UNDERSTATED else None


class Estimate(Said):
    """A number with its interval: never one without the other."""

    value: float | None
    """the number, in the claim's unit; null when undefined (the method says why)"""
    low: float | None
    """lower end of the interval; equal to value for an exact recomputation"""
    high: float | None
    """upper end of the interval"""
    draws: int
    """what it rests on: examples, or examples x draws"""
    method: str
    """how the number and its interval were made"""


class DeclaredValue(Said):
    """The author's number as an interval."""

    text: str
    """the digits as printed"""
    low: float
    """lower end of the values that print so, in the claim's unit"""
    high: float
    """upper end of the values that print so, in the claim's unit"""


class Comparison(Said):
    """One claim (or one file of released counts) against what we found."""

    kind: Literal["claim", "records"]
    """a printed number, or the released counts of an evaluation against the re-run's"""
    pointer: str
    """JSON pointer of the claim or of the evidence"""
    evaluation: str
    """id of the evaluation"""
    label: str
    """the quantity in words, with threshold, statistic and population"""
    metric: str
    """the claim's metric; "records" for released counts"""
    unit: str
    """percent, fraction, dB, or the contract's coordinates in words"""
    declared: DeclaredValue | None
    recomputed: Estimate | None
    """from the author's released counts"""
    measured: Estimate | None
    """from the re-run; its interval is that of honest values at 99 %"""
    p_value: float | None
    """of the test of declared against measured, before Holm"""
    p_adjusted: float | None
    """after Holm over the file"""
    margin: float | None
    """materiality, in the claim's unit (for radii: that fraction of the measured value)"""
    margin_source: Literal["default", "file", "command line"] | None
    verdict: Verdict
    reason: str
    """the verdict in words, with the numbers it rests on"""
    line: int | None = None
    column: int | None = None
    accepted: str | None = None
    """the gate-keeper's reason, when a baseline accepts this verdict; it is no less true"""
