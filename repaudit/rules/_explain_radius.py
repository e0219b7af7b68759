"""Which setting explains every radius of one sampling, and how strong that evidence is.

Units
    Rows are in units of sigma, intervals of what the printed digits may mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from repaudit.rules._hypotheses import Changed, Hypothesis, Setting, hypotheses
from repaudit.rules._quantity import Interval
from repaudit.statistics.attainable import (
    FLOAT32,
    chance_of_between,
    chance_of_member,
    holds_between,
    holds_member,
    neighbours,
    widened,
)

FloatArray = NDArray[np.float64]
SMALLEST = 1e-300
"""Chances below are reported as this."""


@dataclass(frozen=True)
class Row:
    """One printed radius over sigma."""

    low: float
    high: float
    share: float | None = None
    """weight of the upper neighbour where the number may lie between two; None = a member's"""
    has_zero: bool = False
    """whether an abstention counts as the radius 0"""


@dataclass(frozen=True)
class Explanation:
    """A setting that gives every one of the radii."""

    by: str
    """in words"""
    changed: Changed
    """what differs from the declared setting"""
    setting: Setting
    factor: tuple[float, float]
    """by which all radii are larger than the setting gives; (1, 1) but for another sigma"""
    chance: float
    """chance that made-up numbers near the distinct radii would all fit as well"""

    def is_ceiling(self, row: Row) -> bool:
        """Whether a radius is the largest one under the setting."""
        low, high = widened(row.low, row.high)
        top = self.setting.ceiling
        return bool(top > 0.0 and low <= top * self.factor[1] and high >= top * self.factor[0])


def explain_radii(
    sigma: float,
    n: int,
    alpha: float,
    values: Sequence[Interval] | Sequence[tuple[float, float]],
    *,
    n0: int | None = None,
    examples: int | None = None,
) -> list[Explanation]:
    """Return every setting under which all of a log's radii can be.

    The declared one comes first where it is among them, then the strongest evidence.

    ``values``    what each printed radius may be, coordinates of the noise; radii of abstentions
                  (0) are left out, as are those below half a printed unit
    ``n, alpha``  as declared, with the one-sided exact bound
    ``n0, examples``  widen the search by pooled draws and by alpha split over the examples

    The declared setting has ``changed == "nothing"``: without it in the list the log is
    inconsistent with what is declared. With it, and another one beside it whose chance is no
    smaller than a few percent, the digits decide little. An empty list is a log that no setting
    tried explains.

    >>> explain_radii(1.0, 100, 0.001, [(1.3485, 1.3495), (1.5, 1.501)])[0].by  # k = 99, 100
    'the declared setting'
    """
    declared = Setting(n, alpha)
    return explain_rows(declared, rows_of(sigma, values), n0=n0, examples=examples)


def rows_of(sigma: float, values: Sequence[Interval] | Sequence[tuple[float, float]]) -> list[Row]:
    """Return the positive radii of a log in units of sigma."""
    pairs = [(float(low) / sigma, float(high) / sigma) for low, high in values]
    return [Row(low, high) for low, high in pairs if low > 0.0]


def fitting(setting: Setting, rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Return which rows a setting can give."""
    return _fitting(setting.lattice, rows)


def explain_rows(
    declared: Setting, rows: Sequence[Row], *, n0: int | None = None, examples: int | None = None
) -> list[Explanation]:
    """Return every setting that gives all rows, ordered as `explain_radii`; [] without rows."""
    distinct = list(dict.fromkeys(rows))
    if not distinct:
        return []
    found = [
        _explanation(hypothesis, distinct)
        for hypothesis in hypotheses(declared, n0, examples)
        if _fits_all(hypothesis.setting, distinct)
    ]
    if not any(explanation.changed == "nothing" for explanation in found):
        found += _scaled(declared, distinct)
    return sorted(found, key=lambda found: (found.changed != "nothing", found.chance))


def _fits_all(setting: Setting, rows: Sequence[Row]) -> bool:
    # the cheap test first: most settings end below the largest radius
    if max(row.low for row in rows) * (1.0 - FLOAT32) > setting.ceiling:
        return False
    return bool(_fitting(setting.lattice, rows).all())


def _explanation(hypothesis: Hypothesis, rows: Sequence[Row]) -> Explanation:
    chance = _chance(hypothesis.setting.lattice, rows)
    return Explanation(hypothesis.by, hypothesis.changed, hypothesis.setting, (1.0, 1.0), chance)


def _scaled(declared: Setting, rows: Sequence[Row]) -> Iterator[Explanation]:
    """Yield the declared setting with one other sigma, as the largest radius at the ceiling has it.

    That radius is no evidence for the factor it gave.
    """
    largest = max(rows, key=lambda row: row.low)
    others = [row for row in rows if row is not largest]
    top = declared.ceiling
    if not others or top <= 0.0:
        return
    factor = (largest.low / top, largest.high / top)
    scaled = [replace(row, low=row.low / factor[1], high=row.high / factor[0]) for row in others]
    if _fits_all(declared, scaled):
        words = f"sigma times {(factor[0] + factor[1]) / 2.0:.4g}"
        chance = _chance(declared.lattice, scaled)
        yield Explanation(words, "sigma", declared, factor, chance)


def _fitting(lattice: FloatArray, rows: Sequence[Row]) -> NDArray[np.bool_]:
    low, high = widened([row.low for row in rows], [row.high for row in rows])
    with_zero = np.concatenate([[0.0], lattice])
    fits = holds_member(lattice, low, high)
    for i in np.flatnonzero(~fits).tolist():
        row = rows[i]
        if row.has_zero and low[i] <= 0.0:
            fits[i] = True
        elif row.share is not None:
            used = with_zero if row.has_zero else lattice
            fits[i] = holds_between(used, row.share, float(low[i]), float(high[i]))
    return fits


def _chance(lattice: FloatArray, rows: Sequence[Row]) -> float:
    """Return the product over rows of the share of numbers near each that the lattice gives."""
    low, high = widened([row.low for row in rows], [row.high for row in rows])
    shares = chance_of_member(lattice, low, high)
    for i, row in enumerate(rows):
        if row.share is not None:
            used = np.concatenate([[0.0], lattice]) if row.has_zero else lattice
            shares[i] = chance_of_between(used, row.share, float(low[i]), float(high[i]))
    with np.errstate(divide="ignore"):
        total = float(np.log(np.clip(shares, 0.0, 1.0)).sum())
    return max(float(np.exp(total)), SMALLEST)


def ceiling_chance(rows: Sequence[Row]) -> float:
    """Return the chance that numbers made up near the rows would all be one given ceiling."""
    counts = [neighbours(row.low, row.high) for row in dict.fromkeys(rows)]
    return float(np.exp(-np.log(counts).sum()))
