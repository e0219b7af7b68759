"""What a swap test says about one claim."""

from dataclasses import dataclass

HONEST_LEVEL = 0.01
"""Level of the set of honest values: a single two-sided test at 1 %."""
HONEST_SDS = 2.5758293035489004
"""Phi^-1(1 - .01 / 2)."""


@dataclass(frozen=True)
class SwapResult:
    """A claim beside a re-run, judged by the exchange of two honest runs."""

    p_value: float
    """Two-sided; 1.0 when the re-run's value lies inside the claim's printed interval."""
    direction: int
    """+1 declared above the re-run, -1 below, 0 inside; in the claim's own unit."""
    variance: float
    """Of author minus re-run under honesty, on the scale the test works on."""
    honest_low: float
    """Lowest value an honest author could have declared at 99 %, in the claim's unit."""
    honest_high: float
    """Highest such value."""
