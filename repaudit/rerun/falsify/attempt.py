"""What an attempt on a certificate gets, and what it gives."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Certificate:
    """What is said of one example, by whoever counted."""

    example_id: str
    certified_class: int
    radius: float
    """L2, coordinates of the noise, above 0"""
    hits: int
    """votes for the class, of ``draws``"""
    draws: int


@dataclass(frozen=True)
class Effort:
    """How hard an attempt tries; numbers of draws are rounded up to whole forwards."""

    steps: int = 20
    """of the search"""
    draws: int = 64
    """noise draws behind one step"""
    check_draws: int = 1000
    """behind each look at whether, and where, the class changes"""
    confirmation_draws: int = 10_000
    """of fresh noise, at the point found"""

    @property
    def target(self) -> float:
        """The share of the certified class at which a point is worth a confirmation.

        Its upper bound at an error of 1e-4 is then below 1/2, but for a miss by two sds or more.
        """
        return 0.5 - min(4.0 / sqrt(self.confirmation_draws), 0.4)


@dataclass(frozen=True)
class Change:
    """A point in the ball where the class is confirmed to be another one."""

    distance: float
    """L2, from the certified vector"""
    class_after: int
    hits: int
    """votes for the certified class, on fresh noise"""
    draws: int
    upper_bound: float
    """on the certified class's probability, below 1/2"""


@dataclass(frozen=True)
class Attempt:
    """One search within one certified ball."""

    certificate: Certificate
    restart: int
    """0 starts at the centre, the others at random"""
    change: Change | None
    """the nearest point confirmed; None = the certificate withstood"""
    forwards: int
    by_gradient: bool
    """whether every step followed the gradient"""
    note: str | None = None
    """why not"""
