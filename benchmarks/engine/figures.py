"""Ratios out of measured speeds: the best round of each case, and how the rounds spread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from repaudit.rerun.execution.execution import Compiling

PLANS: dict[str, Compiling] = {"as is": "never", "compiled": "always"}
"""ways to carry out the network"""
LOOP_BATCHES = (128, 1000)
"""of the usual loop: a usual one, and the default of the published code"""
Found = Mapping[str, Any]
Speeds = Mapping[str, list[float]]


@dataclass(frozen=True)
class Ratio:
    """How many times as many forwards per second one case makes as another one."""

    best: float
    """of the fastest rounds"""
    low: float
    high: float
    """of the two cases within one round"""

    @property
    def text(self) -> str:
        """The ratio and its spread.

        >>> Ratio(1.0, 0.9, 1.25).text
        '1.00 (0.90–1.25)'
        """
        return f"{self.best:.2f} ({self.low:.2f}–{self.high:.2f})"


def ratio(speeds: Speeds, case: str, reference: str) -> Ratio:
    """Return the speed of a case in units of another one's.

    >>> ratio({"a": [2.0, 3.0], "b": [1.0, 4.0]}, "a", "b")
    Ratio(best=0.75, low=0.75, high=2.0)
    """
    each = [a / b for a, b in zip(speeds[case], speeds[reference], strict=True)]
    return Ratio(max(speeds[case]) / max(speeds[reference]), min(each), max(each))


def best_plan(speeds: Speeds) -> str:
    """Return the way to carry out the network with the highest ceiling."""
    return max(
        (plan for plan in PLANS if f"ceiling, {plan}" in speeds),
        key=lambda plan: max(speeds[f"ceiling, {plan}"]),
    )


def best_loop(speeds: Speeds) -> str:
    """Return the loop with the batch that is faster here."""
    loops = [f"loop, batch {batch}" for batch in LOOP_BATCHES]
    return max((case for case in loops if case in speeds), key=lambda case: max(speeds[case]))


def speed_stages(found: Found, device: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield length and contract of every measured comparison on a device, and its result."""
    for seconds in (1, 5):
        for contract in ("waveform", "log-mel"):
            stage = found["stages"].get(f"speed, {device}, {seconds} s, {contract}")
            if stage is not None:
                yield f"{seconds} s, {contract}", stage["result"]
