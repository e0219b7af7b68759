"""The certificate that a count of hits supports, and the count that a certificate needs.

Units
    ``z`` is a radius divided by sigma: R = sigma * z. Abstention is z = 0.

A certificate exists only when the one-sided lower bound p_L exceeds 1/2 strictly, which is
P(Bin(n, 1/2) >= hits) < alpha. Everything is computed in the upper tail (1 - p_L), because
p_L itself loses the digits of the radius when p_L is near 1.

References
    [CRK19] section 3.2; [CP34] for the bound.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special
from repaudit.statistics.binomial import checked_counts

TIE = 1e-10
"""Relative distance to alpha below which two tail probabilities count as equal: above the
rounding of the incomplete beta function (1e-13), far below any step of the lattice."""


def _tail_at_least(
    k: NDArray[np.float64], n: NDArray[np.float64] | float, miss: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """P(Bin(n, 1 - miss) >= k) for k >= 1, accurate when ``miss`` is tiny."""
    return np.asarray(special.betaincc(n - k + 1.0, k, miss), np.float64)


def certified_z(hits: ArrayLike, draws: ArrayLike, alpha: float) -> NDArray[np.float64]:
    """Return R / sigma, the certified radius in units of sigma; 0.0 means abstain.

    Shapes
        hits    int[...]   draws that gave the selected class
        draws   int[...]   fresh draws made, broadcast against ``hits``
        return  f64[...]   at least 0, finite

    Valid with probability 1 - alpha per example, for a class selected on other draws.
    Raises ``ValueError`` for counts outside 0..draws or an alpha outside (0, 1).

    Reference: [CRK19] section 3.2.2; R = sigma * Phi^-1(p_L).

    >>> float(certified_z(5155, 10_000, 0.001))
    0.0
    >>> round(float(certified_z(10_000, 10_000, 0.001)), 5)  # Phi^-1(.001 ** .0001)
    3.19858
    """
    k, n = checked_counts(hits, draws, alpha)
    some = np.maximum(k, 1.0)
    inner = special.betainccinv(n - some + 1.0, some, alpha)
    miss = np.where(k == n, -np.expm1(np.log(alpha) / n), inner)
    certified = (k > 0) & (_tail_at_least(some, n, 0.5) < alpha * (1.0 - TIE))
    return np.asarray(np.where(certified, -special.ndtri(miss), 0.0))


@lru_cache(maxsize=16)
def z_lattice(n: int, alpha: float) -> NDArray[np.float64]:
    """Return `certified_z` at hits 0..n, read-only: every value a radius can take."""
    lattice = certified_z(np.arange(n + 1), n, alpha)
    lattice.setflags(write=False)
    return lattice


def ceiling_z(n: int, alpha: float) -> float:
    """Return the largest R / sigma that n draws can certify, at hits == n; 0.0 when none.

    >>> ceiling_z(9, 0.001)  # .5 ** 9 > .001
    0.0
    """
    return float(certified_z(n, n, alpha))


@lru_cache(maxsize=64)
def minimum_hits(n: int, alpha: float) -> int | None:
    """Return k_min, the smallest count that certifies, or None when n certifies nothing.

    >>> minimum_hits(10_000, 0.001)
    5156
    >>> minimum_hits(9, 0.001) is None
    True
    """
    checked_counts(0, n, alpha)

    def certifies(k: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(_tail_at_least(k, n, 0.5) < alpha * (1.0 - TIE))

    smallest = int(_smallest_hits(certifies, np.ones(1), n)[0])
    return smallest if smallest <= n else None


def hits_for_z(z: ArrayLike, n: int, alpha: float) -> NDArray[np.int64]:
    """Return the smallest count whose certificate reaches z; n + 1 when none does.

    Shapes
        z       f64[...]   radius over sigma; z <= 0 asks for any certificate (k_min)
        return  i64[...]   in k_min..n + 1

    Uses R_k >= r <=> P(Bin(n, Phi(r / sigma)) >= k) <= alpha instead of comparing radii, so
    a z that was computed from a count gives that count back.

    >>> hits_for_z([0.0, 3.1985, 3.1986], 10_000, 0.001).tolist()
    [5156, 10000, 10001]
    """
    wanted = np.asarray(z, np.float64)
    if np.any(np.isnan(wanted)):
        raise ValueError("z: expected numbers, got nan")
    k_min = minimum_hits(n, alpha)
    if k_min is None:
        return np.full(wanted.shape, n + 1, np.int64)
    # examples share their thresholds, and each costs a dozen incomplete beta functions
    distinct, place = np.unique(wanted, return_inverse=True)
    miss = special.ndtr(-distinct)

    def reaches(k: NDArray[np.float64]) -> NDArray[np.bool_]:
        return np.asarray(_tail_at_least(k, n, miss) <= alpha * (1.0 + TIE))

    needed = _smallest_hits(reaches, np.full(distinct.shape, float(k_min)), n)
    return np.asarray(needed[place].reshape(wanted.shape))


def n_needed(z: float, alpha: float) -> int:
    """Return the smallest number of draws whose ceiling reaches R / sigma = z.

    For z <= 0 the smallest number that certifies anything at all.

    >>> n_needed(3.0, 0.001), n_needed(3.0, 0.05)
    (5114, 2218)
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha: expected a number in (0, 1), got {alpha}")
    log_share = float(special.log_ndtr(max(z, 0.0)))
    if not log_share < 0.0:
        raise ValueError(f"z: no number of draws certifies {z}")
    exact = float(np.log(alpha)) / log_share
    n = max(int(np.ceil(exact * (1.0 - 1e-12))), 1)
    return n if minimum_hits(n, alpha) is not None else n + 1


def _smallest_hits(
    holds: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    lowest: NDArray[np.float64],
    n: int,
) -> NDArray[np.int64]:
    """Bisect each element for the smallest k in lowest..n where ``holds``; n + 1 if none."""
    low, high = lowest.copy(), np.full(lowest.shape, n + 1.0)
    while np.any(low < high):
        middle = np.floor((low + high) / 2.0)
        good = holds(np.minimum(middle, n)) & (low < high)
        high = np.where(good, middle, high)
        low = np.where(good | (low >= high), low, middle + 1.0)
    return high.astype(np.int64)
