"""What is wrong with the SNR claims of a file: below the floor, or not that of the radius."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Literal

from repaudit.audit.finding import Severity
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, loosely, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._snr import FLOAT_DB, Row, db, fits, rows
from repaudit.rules._snr_slip import slip_of

ABOVE_THE_FLOOR = ("mean", "median", "min", "max", "quantile")
"""Statistics that are no smaller than the smallest SNR."""


@dataclass(frozen=True)
class Fault:
    """One SNR claim that its setting does not allow."""

    row: Row
    norm: float
    kind: Literal["floor", "identity"]
    severity: Severity
    slip: str | None
    """what would explain the number, in words"""

    @property
    def pointer(self) -> str:
        """Where the number stands."""
        return f"{self.row.snr.pointer}/value"

    @property
    def evidence(self) -> dict[str, str | int | float | bool | None]:
        """The numbers behind it."""
        radius = self.row.radius
        said: dict[str, str | int | float | bool | None] = {"norm": self.norm}
        if self.row.ceiling < inf:
            said["floor_db"] = db(self.norm, self.row.ceiling)
        if radius is not None and radius.claim.value is not None:
            said["radius"] = str(radius.claim.value)
            said["radius_claim"] = radius.pointer
            if radius.claim.value.value > 0:
                said["snr_of_the_radius_db"] = db(self.norm, float(radius.claim.value.value))
        return said


def faults(results: Results) -> Iterator[Fault]:
    """Yield at most one fault per SNR claim; where the norm is not known there is none."""
    for row in rows(results):
        norm = row.level.norm
        if norm is None or row.snr.claim.value is None:
            continue
        below, other = _below_floor(row, norm), _not_of_radius(row)
        found = below or other
        if found is not None:
            kind: Literal["floor", "identity"] = "floor" if below is not None else "identity"
            capped = found if row.level.is_certain else Severity.WARNING
            yield Fault(row, norm, kind, capped, slip_of(row))


def _below_floor(row: Row, norm: float) -> Severity | None:
    if row.snr.claim.statistic not in ABOVE_THE_FLOOR or row.ceiling == inf:
        return None

    def reaches(read: Read) -> bool:
        printed = read(row.snr.claim)
        return printed is None or float(printed[1]) >= db(norm, row.ceiling) - FLOAT_DB

    return severity_of(reaches, Severity.ERROR)


def _not_of_radius(row: Row) -> Severity | None:
    if row.radius is None:
        return None
    worst = severity_of(partial(fits, row), Severity.ERROR)
    if worst is not None:
        return worst
    usually = fits(row, interval_of, usually=True) or fits(row, loosely, usually=True)
    return None if usually else Severity.WARNING
