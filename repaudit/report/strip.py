"""The strip beside a claim: honest values, the materiality and the declared value on one line.

The band is the declared value plus and minus the materiality, the bar the 99 % interval of honest
values, the diamond the declared value. A claim is reproduced when the bar lies inside the band;
a diamond outside the bar is a number no honest run would print.
"""

from dataclasses import dataclass
from math import isfinite

from repaudit.audit.comparison import Comparison
from repaudit.report.numbers import (
    declared_text,
    interval_text,
    margin_text,
    value_text,
    with_unit,
)
from repaudit.report.words import VERDICTS

WIDTH, HEIGHT = 200.0, 28.0
_EDGE = 8.0
"""Room for half a diamond on both sides, pixels."""
_LEAST = 0.05
"""Of the declared value, shown on both sides where no interval and no materiality is: a last digit
that was rounded must not look like a difference."""
_THINNEST = 3.0
"""A bar narrower than this could not be seen, pixels."""


@dataclass(frozen=True)
class Span:
    """A stretch of the strip, pixels."""

    x: float
    width: float


@dataclass(frozen=True)
class Strip:
    """What is drawn; every number is a pixel."""

    declared: float
    honest: Span | None
    measured: float | None
    recomputed: float | None
    margin: Span | None
    title: str
    description: str


def strip_of(comparison: Comparison) -> Strip | None:
    """Return the strip of a claim, or None when there is nothing to hold the claim against."""
    if comparison.declared is None:
        return None
    declared = (comparison.declared.low + comparison.declared.high) / 2
    low, high = _honest(comparison)
    measured = comparison.measured.value if comparison.measured else None
    recomputed = comparison.recomputed.value if comparison.recomputed else None
    if measured is None and recomputed is None and low is None:
        return None
    margin = comparison.margin or 0.0
    room = margin if margin or low is not None else _LEAST * abs(declared)
    points = [declared - room, declared + room, low, high, measured, recomputed]
    shown = [point for point in points if point is not None and isfinite(point)]
    if not isfinite(declared) or not isfinite(margin):
        return None
    scale = _Scale(min(shown), max(shown))
    return Strip(
        declared=scale.at(declared),
        honest=None if low is None or high is None else scale.span(low, high),
        measured=None if measured is None or not isfinite(measured) else scale.at(measured),
        recomputed=None if recomputed is None or not isfinite(recomputed) else scale.at(recomputed),
        margin=scale.span(declared - margin, declared + margin) if margin else None,
        title=f"{comparison.label}: {VERDICTS[comparison.verdict].word}",
        description=_words(comparison),
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def at(self, value: float) -> float:
        """Return the pixel of a value; everything in the middle when there is no extent."""
        extent = self.high - self.low
        share = (value - self.low) / extent if extent > 0 else 0.5
        return round(_EDGE + share * (WIDTH - 2 * _EDGE), 2)

    def span(self, low: float, high: float) -> Span:
        start, end = self.at(low), self.at(high)
        if end - start < _THINNEST:
            start, end = (start + end - _THINNEST) / 2, (start + end + _THINNEST) / 2
        return Span(round(start, 2), round(end - start, 2))


def _honest(comparison: Comparison) -> tuple[float | None, float | None]:
    measured = comparison.measured
    if measured is None or measured.low is None or measured.high is None:
        return None, None
    if not (isfinite(measured.low) and isfinite(measured.high)):
        return None, None
    return measured.low, measured.high


def _words(comparison: Comparison) -> str:
    unit = comparison.unit
    parts = [f"declared {with_unit(declared_text(comparison), unit)}"]
    if comparison.recomputed is not None:
        parts.append(f"recomputed {with_unit(value_text(comparison.recomputed), unit)}")
    if comparison.measured is not None:
        parts.append(f"measured {with_unit(value_text(comparison.measured), unit)}")
        if honest := interval_text(comparison.measured):
            parts.append(f"99 % of honest values in {honest}")
    if comparison.margin is not None:
        parts.append(f"materiality {margin_text(comparison)}")
    return ", ".join(parts)
