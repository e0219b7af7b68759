"""Robust accuracy against aliasing, where an audit measured both for two networks or more.

Reference: Grabinski, Keuper and Keuper 2022, figures 4 and 5; with the share of alias energy in
place of AM, which does not compare between networks.
"""

from dataclasses import dataclass
from statistics import fmean

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.run import Measurement

WIDTH, HEIGHT = 360.0, 200.0
EDGE = 12.0
"""room for half a dot on every side, pixels"""


@dataclass(frozen=True)
class Point:
    """One network under one attack."""

    model: str
    evaluation: str
    label: str
    energy: float
    """mean alias energy over the model's layers, checkpoints together"""
    relative: float
    """mean relative AM, likewise"""
    accuracy: float
    """measured, percent"""
    x: float
    y: float


def robustness(audit: Audit) -> list[Point]:
    """Return the points of the figure; none unless two networks have both numbers."""
    layers = _by_model(audit.measurements)
    models = {m.evaluation: m.model for m in audit.measurements}
    found = [
        (model, comparison, layers[model])
        for comparison in audit.comparisons
        if (model := models.get(comparison.evaluation)) in layers
        and _percent(comparison) is not None
    ]
    if len({model for model, _, _ in found}) < 2:
        return []
    most = max(energy for _, _, (energy, _) in found) or 1.0
    return [_point(str(model), comparison, numbers, most) for model, comparison, numbers in found]


def _by_model(measurements: list[Measurement]) -> dict[str, tuple[float, float]]:
    """Return mean alias energy and relative AM over the layers of each model."""
    found: dict[str, list[tuple[float, float]]] = {}
    for measurement in measurements:
        for layer in measurement.layers:
            energy, relative = layer.alias_energy, layer.am_relative
            if measurement.model is None or energy is None or relative is None:
                continue
            if energy.value is not None and relative.value is not None:
                found.setdefault(measurement.model, []).append((energy.value, relative.value))
    return {model: (fmean(e for e, _ in n), fmean(r for _, r in n)) for model, n in found.items()}


def _percent(comparison: Comparison) -> float | None:
    """Return a measured accuracy under attack in percent."""
    if comparison.metric != "attacked_accuracy" or comparison.measured is None:
        return None
    value = comparison.measured.value
    return value if value is None or comparison.unit == "percent" else 100.0 * value


def _point(model: str, comparison: Comparison, numbers: tuple[float, float], most: float) -> Point:
    energy, relative = numbers
    accuracy = _percent(comparison)
    assert accuracy is not None  # chosen for it
    return Point(
        model,
        comparison.evaluation,
        comparison.label,
        energy,
        relative,
        accuracy,
        x=EDGE + (WIDTH - 2 * EDGE) * energy / most,
        y=HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * accuracy / 100.0,
    )
