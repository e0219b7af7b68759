"""Axes: where the labels stand, as shares of the plot, so that text keeps its size."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

SIZE = 1000.0
"""A plot is drawn in this square and stretched; strokes and text are not."""
_GAP = 0.11
"""Two labels are at least so far apart, as a share of the plot."""


@dataclass(frozen=True)
class Tick:
    """One label of an axis."""

    at: float
    """percent of the plot, from the left or from below"""
    text: str


def ticks(largest: float, most: int = 6) -> list[Tick]:
    """Return round labels from 0 to ``largest``, at most so many.

    >>> [(tick.at, tick.text) for tick in ticks(2.0, most=3)]
    [(0.0, '0'), (50.0, '1'), (100.0, '2')]
    """
    if not isfinite(largest) or largest <= 0.0:
        return []
    step = _round_step(largest / max(most - 1, 1))
    number = floor(largest / step + 1e-9) + 1
    return [Tick(percent(i * step / largest), f"{i * step:.6g}") for i in range(number)]


def snr_ticks(norm: float, largest: float) -> list[Tick]:
    """Return labels of an SNR axis above a radius axis that ends at ``largest``.

    The SNR of a radius is 20 log10(norm / radius) dB, so it falls from left to right.

    >>> [tick.text for tick in snr_ticks(norm=100.0, largest=1.0)][-2:]
    ['42', '40']
    """
    if norm <= 0.0 or largest <= 0.0:
        return []
    snr = 2.0 * ceil(10.0 * log10(norm / largest) - 1e-9)
    found: list[Tick] = []
    last = 1.0 + _GAP
    while (share := norm * 10.0 ** (-snr / 20.0) / largest) > _GAP / 4.0:
        if last - share >= _GAP:
            found.append(Tick(percent(share), f"{snr:.0f}"))
            last = share
        snr += 2.0
    return found[::-1]


def percent(share: float) -> float:
    """Return a share as percent with the digits that a screen can show."""
    return round(100.0 * share, 2)


def pixels(share: float) -> float:
    """Return a share of the plot in its own units."""
    return round(SIZE * share, 1)


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least so large."""
    power = 10.0 ** floor(log10(least))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= least * (1.0 - 1e-9))
