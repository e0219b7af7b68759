"""What is simulated: one cell per population, size and conduct of the author."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from benchmarks.calibration.populations import NAMES
from benchmarks.calibration.reports import HONEST, Conduct, Study
from benchmarks.calibration.tampers import DRIFTS, RECORD_TAMPERS, TAMPERS, Tamper

Part = Literal["honest", "honest with counts", "other hardware", "tampers", "tampers with counts"]
SMALL, LARGE = Study(400), Study(5074)
"""An ESC fold and the test split of Speech Commands with twelve classes."""
POWER = ("SC", "ESC")
DEFAULT = 8000
"""Honest reports of 400 examples; the other cells follow."""


@dataclass(frozen=True)
class Cell:
    """Reports of one kind."""

    part: Part
    population: str
    study: Study
    reports: int
    author: str = ""
    """the lie, or the drift, in words"""
    conduct: Conduct = HONEST

    @property
    def key(self) -> str:
        """What makes the cell a different one, and its simulated noise."""
        study = self.study
        shape = f"N={study.size} n={study.n} C={study.classes}"
        return " | ".join(part for part in (self.part, self.population, shape, self.author) if part)

    @property
    def releases_counts(self) -> bool:
        """Whether the author publishes counts."""
        return self.part.endswith("with counts")


def cells(reports: int = DEFAULT) -> Iterator[Cell]:
    """Yield every cell, the most wanted first; ``reports`` honest ones of 400 examples."""
    for cell in _at_default():
        yield replace(cell, reports=ceil(cell.reports * reports / DEFAULT))


def _at_default() -> Iterator[Cell]:
    yield from _honest("honest", SMALL, DEFAULT // len(NAMES))
    yield from _untrue("tampers", SMALL, 200, TAMPERS)
    yield from _honest("honest", LARGE, 40)
    yield from _honest("honest", replace(SMALL, n=1000), 100)
    yield from _honest("honest", replace(SMALL, classes=12), 100, ("SC", "ESC", "HARD"))
    yield from _untrue("other hardware", SMALL, 100, DRIFTS)
    yield from _untrue("tampers", LARGE, 20, TAMPERS)
    yield from _untrue("tampers with counts", SMALL, 24, RECORD_TAMPERS)
    yield from _honest("honest with counts", SMALL, 50)


def _honest(
    part: Part, study: Study, reports: int, names: tuple[str, ...] = NAMES
) -> Iterator[Cell]:
    return (Cell(part, name, study, reports) for name in names)


def _untrue(part: Part, study: Study, reports: int, lies: tuple[Tamper, ...]) -> Iterator[Cell]:
    return (
        Cell(part, name, study, reports, lie.name, lie.conduct) for name in POWER for lie in lies
    )
