"""What folds at every layer, as the report draws it: a bar per layer, spectra before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Estimate
from repaudit.audit.run import Measurement
from repaudit.report.numbers import ABSENT, interval_text, value_text

WIDTH, HEIGHT = 320.0, 96.0
"""of one spectrum, pixels"""
LOWEST_DB = -60.0
"""energy of a band that stands on the axis, against the dense energy"""
BAR = 100.0
"""width of the bar of a layer whose alias energy is 1"""
EXPLANATION = (
    "Every operation whose output grid is coarser than its input grid, against the same operation "
    "at stride 1: what the coarse grid cannot hold folds into what it can. Measured at the "
    "operation's own output, before BatchNorm and ReLU; shortcuts before the sum. White noise "
    "marks what a stride folds of a map without any structure; an ideal low-pass folds nothing. "
    "Aliasing goes with a lack of robustness in published networks; it is not shown to cause it."
)


@dataclass(frozen=True)
class Steps:
    """One spectrum as closed steps, ready for a path, and its bands in words."""

    below: str
    """what the coarse grid can hold"""
    above: str
    """what folds"""


@dataclass(frozen=True)
class LayerView:
    """One layer as it is shown."""

    layer: DownsamplingLayer
    operation: str
    """operation, strides and sizes in words"""
    numbers: list[tuple[str, str, str]]
    """name, value, interval"""
    bar: float
    white: float
    """where the bar of white noise would end, pixels"""
    before: Steps | None
    after: Steps | None
    """None where no map has energy"""


@dataclass(frozen=True)
class AliasingSection:
    """One evaluation and checkpoint."""

    title: str
    measured: list[LayerView]
    missing: list[DownsamplingLayer]
    """what was not measured, with its reason"""


def aliasing(audit: Audit) -> list[AliasingSection]:
    """Return every measurement that looked at layers, in the order of the audit."""
    return [_section(m) for m in audit.measurements if m.layers]


def _section(measurement: Measurement) -> AliasingSection:
    measured = [_view(layer) for layer in measurement.layers if layer.status == "measured"]
    missing = [layer for layer in measurement.layers if layer.status != "measured"]
    return AliasingSection(
        f"{measurement.evaluation}, checkpoint {measurement.checkpoint}", measured, missing
    )


def _view(layer: DownsamplingLayer) -> LayerView:
    names = {
        "alias energy": layer.alias_energy,
        "relative AM": layer.am_relative,
        "AM": layer.am,
        "AM per bin": layer.am_per_bin,
        "alias level, dB": layer.alias_db,
    }
    energy = layer.alias_energy.value if layer.alias_energy is not None else None
    return LayerView(
        layer=layer,
        operation=operation_of(layer),
        numbers=[(name, value_text(found), _range(found)) for name, found in names.items()],
        bar=min(energy or 0.0, 1.0) * BAR,
        white=(layer.white_noise or 0.0) * BAR,
        before=_steps(layer.before[:16], layer.before[16:]) if layer.before else None,
        after=_folded(layer) if layer.before else None,
    )


def operation_of(layer: DownsamplingLayer) -> str:
    """Return an operation in words: ``conv2d, stride 2 x 2, 32 x 32 to 16 x 16, 16 maps``."""
    grid = [s * m for s, m in zip(layer.strides, layer.sizes, strict=True)]
    parts = [
        layer.operation,
        f"stride {_times(layer.strides)}",
        f"{_times(grid)} to {_times(layer.sizes)}",
        f"{layer.maps} maps",
    ]
    if any(layer.extension):
        parts.append(f"input extended by {_times(layer.extension)}")
    return ", ".join([*parts, *(["shortcut"] if layer.shortcut else [])])


def _times(values: Sequence[int]) -> str:
    return " × ".join(map(str, values))


def _range(estimate: Estimate | None) -> str:
    """Return the interval, or why there is no number."""
    if estimate is None or estimate.value is None:
        return "" if estimate is None else estimate.method
    return interval_text(estimate)


def _steps(below: Sequence[float], above: Sequence[float]) -> Steps:
    """Return a spectrum over both halves of the axis."""
    middle = WIDTH / 2.0
    return Steps(_path(below, 0.0, middle), _path(above, middle, WIDTH))


def _folded(layer: DownsamplingLayer) -> Steps:
    """Return the spectrum after: what stays, and what has folded into the same bands."""
    return Steps(_path(layer.after, 0.0, WIDTH), _path(layer.folded, 0.0, WIDTH))


def _path(shares: Sequence[float], left: float, right: float) -> str:
    """Return shares of energy as a closed line of steps, decibels upwards."""
    if not shares:
        return ""
    step = (right - left) / len(shares)
    points = [f"M {left:.1f} {HEIGHT:.1f}"]
    for index, share in enumerate(shares):
        y = HEIGHT * (1.0 - _height(share))
        points.append(
            f"L {left + index * step:.1f} {y:.1f} L {left + (index + 1) * step:.1f} {y:.1f}"
        )
    return " ".join([*points, f"L {right:.1f} {HEIGHT:.1f} Z"])


def _height(share: float) -> float:
    """Return 1 for all of the energy, 0 for a millionth of it or less."""
    if share <= 0.0:
        return 0.0
    return min(max(1.0 - 10.0 * log10(share) / LOWEST_DB, 0.0), 1.0)


def percent_folded(layer: DownsamplingLayer) -> str:
    """Return how much of the dense energy lies where it folds."""
    return f"{100.0 * sum(layer.before[16:]):.3g} %" if layer.before else ABSENT
