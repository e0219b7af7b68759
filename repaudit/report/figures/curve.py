"""The certified-accuracy curve: our steps with their band, the released ones, and the claims."""

from dataclasses import dataclass
from math import log10

from repaudit._core.text import clip, count, visible
from repaudit.audit.audit import Audit
from repaudit.audit.curve import Curve
from repaudit.audit.figures import Figures
from repaudit.report.figures.axis import Tick, percent, snr_ticks, ticks
from repaudit.report.figures.pins import Pin, pins_of
from repaudit.report.figures.steps import step_band, step_line
from repaudit.report.numbers import ABSENT, number

_FARTHEST = 1.6
"""Ceilings up to which a claim beyond the ceiling is drawn where it is."""
_LONGEST_UNIT = 30
_ROOM = 1.06
"""The axis goes so far beyond what it shows."""


@dataclass(frozen=True)
class Bar:
    """What a sample of ours says at one radius."""

    x: float
    low: float
    high: float
    """shares of the plot times its size, y downwards"""
    words: str


@dataclass(frozen=True)
class CurveView:
    """One plot, ready for the template."""

    line: str
    band: str | None
    released: str | None
    ceiling: float
    """percent of the plot"""
    ceiling_text: str
    x_ticks: list[Tick]
    snr_ticks: list[Tick]
    snr_missing: str | None
    """why there is no SNR axis, or what a reader should know of it"""
    unit: str
    whose: str
    pins: list[Pin]
    bars: list[Bar]
    rows: list[tuple[str, str, str, str]]
    """radius, SNR, accuracy, interval"""
    title: str
    description: str


def extent(figures: Figures) -> float:
    """Return the largest radius that the plots of an evaluation show."""
    curve = figures.curve
    if curve is None:
        return 0.0
    farthest = max([m.at_radius for m in figures.marks], default=0.0)
    return _ROOM * max(curve.radii[-1], curve.ceiling, min(farthest, _FARTHEST * curve.ceiling))


def curve_view(audit: Audit, figures: Figures) -> CurveView | None:
    """Return the curve of an evaluation, None when there is none."""
    curve, right = figures.curve, extent(figures)
    if curve is None or right <= 0.0:
        return None
    xs = [radius / right for radius in curve.radii]
    has_band = curve.of == "measured"
    return CurveView(
        line=step_line(xs, curve.accuracy),
        band=step_band(xs, curve.low, curve.high) if has_band else None,
        released=_line(figures.released, right),
        ceiling=percent(curve.ceiling / right),
        ceiling_text=number(curve.ceiling, curve.ceiling),
        x_ticks=ticks(right),
        snr_ticks=[] if curve.norm is None else snr_ticks(curve.norm, right),
        snr_missing=curve.norm_reason,
        unit=clip(visible(curve.unit), _LONGEST_UNIT),
        whose="our own run" if has_band else "the released counts",
        pins=pins_of(audit, figures, right),
        bars=_bars(audit, figures.evaluation, right),
        rows=[_row(curve, index) for index in range(len(curve.radii))],
        title=f"{figures.evaluation}: certified accuracy by radius",
        description=_words(figures, curve),
    )


def _line(curve: Curve | None, right: float) -> str | None:
    if curve is None:
        return None
    return step_line([radius / right for radius in curve.radii], curve.accuracy)


def _bars(audit: Audit, evaluation: str, right: float) -> list[Bar]:
    """Return the intervals of a sampled evaluation, ours alone."""
    shares = [
        s for sample in audit.samples if sample.evaluation == evaluation for s in sample.shares
    ]
    return [
        Bar(
            x=round(1000.0 * min(share.at_radius / right, 1.0), 1),
            low=round(1000.0 * (1.0 - share.low), 1),
            high=round(1000.0 * (1.0 - share.high), 1),
            words=f"our sample at radius {number(share.at_radius)}: "
            f"{number(100 * share.low)}–{number(100 * share.high)} % (99 %)",
        )
        for share in shares
    ]


def _row(curve: Curve, index: int) -> tuple[str, str, str, str]:
    radius, share = curve.radii[index], curve.accuracy[index]
    low, high = curve.low[index], curve.high[index]
    snr = ABSENT if curve.norm is None else f"{20.0 * log10(curve.norm / radius):.2f}"
    interval = "" if low == high == share else f"[{100 * low:.2f}, {100 * high:.2f}]"
    return number(radius, curve.ceiling / 10.0), snr, f"{100 * share:.2f}", interval


def _words(figures: Figures, curve: Curve) -> str:
    first, last = 100.0 * curve.accuracy[0], 100.0 * curve.accuracy[-1]
    whose = "measured" if curve.of == "measured" else "recomputed from the released counts"
    reach = [r for r, a in zip(curve.radii, curve.accuracy, strict=True) if a >= 0.5]
    half = f", at least 50 % up to radius {number(reach[-1])}" if reach else ""
    return (
        f"{whose} on {count(curve.examples, 'example')}: from {first:.4g} % at any radius to "
        f"{last:.4g} % at radius {number(curve.radii[-1])}{half}; the ceiling is "
        f"{number(curve.ceiling)}; {count(len(figures.marks), 'claim')} marked"
    )
