"""Binomial facts in exact rationals and in many digits."""

from fractions import Fraction
from math import comb

import mpmath


def tail_at_half(k: int, n: int) -> Fraction:
    """P(Bin(n, 1/2) >= k), exactly."""
    return Fraction(sum(comb(n, j) for j in range(k, n + 1)), 2**n)


def minimum_hits(n: int, alpha: Fraction) -> int | None:
    """The smallest k whose exact tail at 1/2 is below alpha."""
    return next((k for k in range(n + 1) if tail_at_half(k, n) < alpha), None)


def lower_bound(k: int, n: int, alpha: str) -> mpmath.mpf:
    """The p at which P(Bin(n, p) >= k) = alpha, by bisection in 60 digits."""
    with mpmath.workdps(60):
        target, low, high = mpmath.mpf(alpha), mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(60):
            p = (low + high) / 2
            tail = mpmath.fsum(
                mpmath.binomial(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1)
            )
            low, high = (p, high) if tail < target else (low, p)
        return low


def z_of(p: mpmath.mpf) -> float:
    """Phi^-1(p), in 60 digits."""
    with mpmath.workdps(60):
        return float(mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1))
