"""Claims as signs on a curve."""

from dataclasses import dataclass

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.figures import Figures
from repaudit.report.figures.axis import percent
from repaudit.report.numbers import declared_text, number, with_unit
from repaudit.report.words import VERDICTS, Mark


@dataclass(frozen=True)
class Pin:
    """A claim on the curve."""

    left: float
    bottom: float
    """percent of the plot"""
    mark: Mark
    label: str
    declared: str
    where: str
    """radius and share in words"""
    anchor: str
    """of its row in the table of claims"""


def pins_of(audit: Audit, figures: Figures, right: float) -> list[Pin]:
    """Return the claims of an evaluation on a radius axis that ends at ``right``."""
    places = {c.pointer: (i, c) for i, c in enumerate(audit.comparisons) if c.kind == "claim"}
    pins = []
    for mark in figures.marks:
        if mark.pointer not in places:
            continue
        index, comparison = places[mark.pointer]
        share = min(max((mark.low + mark.high) / 2.0, 0.0), 1.0)
        where = f"radius {number(mark.at_radius)}, share {100.0 * share:.4g} %"
        pins.append(
            Pin(
                left=percent(min(max(mark.at_radius / right, 0.0), 1.0)),
                bottom=percent(share),
                mark=VERDICTS[comparison.verdict],
                label=comparison.label,
                declared=_declared(comparison),
                where=where if mark.at_radius <= right else f"{where}, beyond the axis",
                anchor=f"comparison-{index}",
            )
        )
    return pins


def _declared(comparison: Comparison) -> str:
    return with_unit(declared_text(comparison), comparison.unit)
