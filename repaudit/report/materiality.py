"""Which materiality applied, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.metrics.base import MATERIALITY

_QUANTITIES: Final = {
    "accuracy": ("accuracies", "points"),
    "rate": ("defence and attack success rates", "points"),
    "radius": ("radii", "%"),
    "snr": ("signal-to-noise ratios", "dB"),
    "geometry": ("geometry of T", "%"),
    "aliasing": ("aliasing", "%"),
}


DEFAULT: Final = "default"
_USUAL: Final[Mapping[str, float]] = {str(family): size for family, size in MATERIALITY.items()}
"""Whatever differs from it came from the file or the command line."""


@dataclass(frozen=True)
class Margin:
    """One line of the materiality table."""

    family: str
    quantity: str
    margin: str
    source: str


def margins(audit: Audit) -> list[Margin]:
    """Return the margin of every family and where it came from."""
    return [_margin(audit, family, value) for family, value in audit.materiality.items()]


def _margin(audit: Audit, family: str, value: float) -> Margin:
    quantity, unit = _QUANTITIES.get(family, (family, ""))
    shown = f"{value * 100:.6g}" if unit == "%" else f"{value:.6g}"
    if family in audit.options.margins:
        source = "command line"
    else:
        source = DEFAULT if value == _USUAL.get(family) else "declared in the file"
    return Margin(family, quantity, f"± {shown} {unit}".rstrip(), source)
