"""Numbers for people: as many digits as the interval around them supports."""

from math import floor, isfinite, log10

from repaudit.audit.comparison import Comparison, Estimate

ABSENT = "–"
_MOST_DIGITS = 6
"""Significant digits of a number that has no interval to limit them."""


def number(value: float | None, resolution: float = 0.0) -> str:
    """Return ``value`` with digits down to a hundredth of ``resolution``, at most 6 significant.

    >>> number(90.62499, resolution=4.9)
    '90.62'
    >>> number(0.0079961, resolution=0.0)
    '0.0079961'
    """
    if value is None or not isfinite(value):
        return ABSENT if value is None else str(value)
    if resolution <= 0 or not isfinite(resolution) or value == 0:
        return f"{value:.{_MOST_DIGITS}g}"
    decimals = 2 - floor(log10(resolution))
    significant = floor(log10(abs(value))) + 1 + decimals
    if decimals > 12 or significant > _MOST_DIGITS or abs(value) >= 1e9:
        return f"{value:.{_MOST_DIGITS}g}"
    return f"{value:.{max(decimals, 0)}f}"


def width_of(estimate: Estimate) -> float:
    """Return the width of the interval, 0 when it has none."""
    if estimate.low is None or estimate.high is None:
        return 0.0
    return abs(estimate.high - estimate.low)


def value_text(estimate: Estimate | None) -> str:
    """Return the value of an estimate, an en dash for none."""
    return ABSENT if estimate is None else number(estimate.value, width_of(estimate))


def interval_text(estimate: Estimate | None) -> str:
    """Return ``[low, high]``, or nothing for an exact number or an undefined one."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    width = width_of(estimate)
    if width == 0:
        return ""
    return f"[{number(estimate.low, width)}, {number(estimate.high, width)}]"


def measured_text(comparison: Comparison) -> str:
    """Return the measured value with its interval of honest values."""
    parts = (value_text(comparison.measured), interval_text(comparison.measured))
    return " ".join(part for part in parts if part)


def declared_text(comparison: Comparison) -> str:
    """Return the author's digits, unchanged."""
    return ABSENT if comparison.declared is None else comparison.declared.text


def margin_text(comparison: Comparison) -> str:
    """Return the materiality as ``± value``."""
    return ABSENT if comparison.margin is None else f"± {comparison.margin:.3g}"


def with_unit(text: str, unit: str) -> str:
    """Return a shown number with the short unit that belongs behind it: ``91.25 %``."""
    short = {"percent": "%", "dB": "dB", "s": "s", "ms": "ms"}.get(unit)
    return text if short is None or text == ABSENT else f"{text}\u00a0{short}"


def grouped(value: int) -> str:
    r"""Return a count with thin groups of three digits.

    >>> grouped(26400)
    '26\u202f400'
    """
    return f"{value:,}".replace(",", "\u202f")


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    >>> duration(84.2)
    '1 min 24 s'
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
