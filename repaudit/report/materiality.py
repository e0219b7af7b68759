"""Which materiality applied, in words."""

from dataclasses import dataclass
from typing import Final

from repaudit.audit.audit import Audit

_QUANTITIES: Final = {
    "accuracy": ("accuracies", "points"),
    "rate": ("defence and attack success rates", "points"),
    "radius": ("radii", "%"),
    "snr": ("signal-to-noise ratios", "dB"),
    "geometry": ("geometry of T", "%"),
    "aliasing": ("aliasing", "%"),
}
_DEFAULTS: Final = {
    "accuracy": 1.0,
    "rate": 1.0,
    "radius": 0.01,
    "snr": 0.1,
    "geometry": 0.01,
    "aliasing": 1e-3,
}
"""Standard, section 6; whatever differs from it came from the file or the command line."""


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
        source = "default" if value == _DEFAULTS.get(family) else "declared in the file"
    return Margin(family, quantity, f"± {shown} {unit}".rstrip(), source)
