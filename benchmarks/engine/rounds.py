"""Cases in turn, round after round: clocks and load change by the minute, ratios much less."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Run = Callable[[int], int]
"""makes about so many noisy forwards and returns how many it made"""


@dataclass(frozen=True)
class Effort:
    """How long is measured."""

    seconds: float
    """of one case in one round, about"""
    rounds: int


def speed_of(run: Run, forwards: int) -> float:
    """Return the noisy forwards that a case makes in a second."""
    started = time.perf_counter()
    made = run(forwards)
    return made / (time.perf_counter() - started)


def warmed(run: Run, first: int, effort: Effort) -> int:
    """Run a case until its speed is known; return how many forwards fill its time."""
    speed_of(run, first)
    return max(first, round(effort.seconds * speed_of(run, first)))


def in_turn(
    cases: Mapping[str, Run], forwards: Mapping[str, int], effort: Effort
) -> dict[str, list[float]]:
    """Return forwards per second of every case in every round, one case after the other."""
    speeds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(effort.rounds):
        for name, run in cases.items():
            speeds[name].append(round(speed_of(run, forwards[name]), 2))
    return speeds
