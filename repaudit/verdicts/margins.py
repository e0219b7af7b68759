"""Materiality: the difference that does not matter, by family of metrics.

A margin of the command line wins; the file may only widen the default. Radii, geometry and
aliasing are relative to the measured value, the others absolute.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from repaudit._core.errors import InputError
from repaudit.contract.claim import Claim
from repaudit.contract.results import Materiality
from repaudit.metrics.base import FAMILIES, MATERIALITY, Family

Source = Literal["default", "file", "command line"]

RELATIVE: frozenset[Family] = frozenset({"radius", "geometry", "aliasing"})
GEOMETRY_LEAST = 3e-7
"""Smallest margin of a geometry, absolute: the last digit of float32."""

_AMOUNT = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)\s*(%?)\Z")


@dataclass(frozen=True)
class Margin:
    """One margin that applies."""

    value: float
    """points, fraction or dB, by its family"""
    source: Source


@dataclass(frozen=True)
class Margins:
    """The margins that apply to one file."""

    by_family: Mapping[Family, Margin]

    def absolute(self, family: Family, claim: Claim, measured: float) -> float:
        """Return the margin in the claim's unit, beside a measured number.

        >>> from repaudit.contract.claim import Claim
        >>> radius = Claim(metric="certified_radius", statistic="median", population="all")
        >>> Margins.of(Materiality()).absolute("radius", radius, 2.0)
        0.02
        """
        value = self.by_family[family].value
        if claim.metric == "alias_db":  # a level: relative to the ratio of energies behind it
            return 10.0 * math.log10(1.0 + value)
        if claim.metric == "adversarial_count":  # points of the count itself
            return value / 100.0 * abs(measured)
        if family in RELATIVE:
            return max(value * abs(measured), GEOMETRY_LEAST if family == "geometry" else 0.0)
        return value / 100.0 if claim.unit == "fraction" and family != "snr" else value

    @classmethod
    def of(cls, file: Materiality, given: Mapping[str, str] = MappingProxyType({})) -> "Margins":
        """Return the margins that apply: given ones, else the wider of default and file.

        ``given`` as typed, by family. Raises ``InputError`` for one that is no margin.

        >>> Margins.of(Materiality(accuracy=5)).by_family["accuracy"]
        Margin(value=5.0, source='file')
        """
        typed = parse_margins(given)
        return cls({family: _applying(family, file, typed) for family in FAMILIES})

    @property
    def in_force(self) -> dict[str, float]:
        """The margin per family, in its unit."""
        return {family: margin.value for family, margin in self.by_family.items()}

    @property
    def from_command_line(self) -> dict[str, float]:
        """The margins that were given, per family."""
        given = {f: m for f, m in self.by_family.items() if m.source == "command line"}
        return {family: margin.value for family, margin in given.items()}


def _applying(family: Family, file: Materiality, given: Mapping[str, float]) -> Margin:
    if family in given:
        return Margin(given[family], "command line")
    declared = getattr(file, family)
    if declared is not None and float(declared) > MATERIALITY[family]:
        return Margin(float(declared), "file")
    return Margin(MATERIALITY[family], "default")


def parse_margins(given: Mapping[str, str]) -> dict[str, float]:
    """Return margins typed as family -> amount: ``1%`` or ``0.01`` for a fraction, else a number.

    Points of accuracy and rate may carry a percent sign, dB may not. Raises ``InputError``.

    >>> parse_margins({"radius": "1%", "snr": "0.2"})
    {'radius': 0.01, 'snr': 0.2}
    """
    return {family: _parsed(family, text) for family, text in given.items()}


def _parsed(family: str, text: str) -> float:
    where = f"--margin {family}"
    if family not in FAMILIES:
        raise InputError(where, f"one of {', '.join(FAMILIES)}", family)
    match = _AMOUNT.match(text.strip())
    if not match or (match[2] and family == "snr"):
        raise InputError(where, "a number of at least 0, such as 1% or 0.1", repr(text)[:40])
    amount = float(match[1])
    if not math.isfinite(amount):
        raise InputError(where, "a finite number", repr(text)[:40])
    return amount / 100.0 if match[2] and family in RELATIVE else amount
