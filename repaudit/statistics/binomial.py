"""Exact confidence bounds on a hit probability from a count of hits.

Units
    Bounds are probabilities in [0, 1]; ``alpha`` is the error probability of one bound.

References
    [CP34] C. Clopper and E. Pearson, The use of confidence or fiducial limits, 1934.
    [CRK19] J. Cohen, E. Rosenfeld, J. Z. Kolter, Certified adversarial robustness via
    randomized smoothing, 2019, section 3.2.2.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special


def checked_counts(
    hits: ArrayLike, draws: ArrayLike, alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return hits and draws as broadcast float arrays.

    Raises ``ValueError`` for a count that is no integer in 0..draws, fewer than one draw, or an
    alpha outside (0, 1).
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha: expected a number in (0, 1), got {alpha}")
    k, n = np.broadcast_arrays(np.asarray(hits, np.float64), np.asarray(draws, np.float64))
    if np.any(n < 1) or np.any(n != np.floor(n)):
        raise ValueError("draws: expected integers of at least 1")
    if not np.all((k >= 0) & (k <= n) & (k == np.floor(k))):
        raise ValueError("hits: expected integers in 0..draws")
    return k, n


def clopper_pearson_one_sided(
    hits: ArrayLike, draws: ArrayLike, alpha: float
) -> NDArray[np.float64]:
    """Return the one-sided lower bound on a hit probability.

    Shapes
        hits    int[...]   draws that gave the class
        draws   int[...]   draws made, broadcast against ``hits``
        return  f64[...]   bound in [0, 1]

    The bound fails with probability at most ``alpha`` per element; a statement about a whole
    table has to split ``alpha`` first. ``hits == 0`` gives exactly 0, where no beta quantile
    exists; ``hits == draws`` gives ``alpha ** (1 / draws)``.

    Raises ``ValueError`` as `checked_counts` does.

    Reference: [CP34]; LowerConfBound of [CRK19].

    >>> float(clopper_pearson_one_sided(0, 100, 0.001))
    0.0
    >>> round(float(clopper_pearson_one_sided(100, 100, 0.001)), 6)  # .001 ** (1 / 100)
    0.933254
    """
    k, n = checked_counts(hits, draws, alpha)
    inner = special.betaincinv(np.maximum(k, 1.0), n - k + 1.0, alpha)
    every = np.exp(np.log(alpha) / n)
    return np.asarray(np.where(k == 0, 0.0, np.where(k == n, every, inner)))


def clopper_pearson_one_sided_upper(
    hits: ArrayLike, draws: ArrayLike, alpha: float
) -> NDArray[np.float64]:
    """Return the one-sided upper bound on a hit probability.

    The mirror image of `clopper_pearson_one_sided`: one minus the lower bound on a miss.
    ``hits == draws`` gives exactly 1.

    >>> float(clopper_pearson_one_sided_upper(100, 100, 0.001))
    1.0
    """
    k, n = checked_counts(hits, draws, alpha)
    return 1.0 - clopper_pearson_one_sided(n - k, n, alpha)


def clopper_pearson_two_sided(
    hits: ArrayLike, draws: ArrayLike, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two-sided interval that covers with at least ``confidence`` per element.

    Each end errs with half of ``1 - confidence``. Raises ``ValueError`` as `checked_counts`
    does, and for a confidence outside (0, 1).

    >>> low, high = clopper_pearson_two_sided(0, 1, 0.95)  # misses: .025 ** (1 / 1)
    >>> (float(low), round(float(high), 3))
    (0.0, 0.975)
    """
    tail = (1.0 - confidence) / 2.0
    return (
        clopper_pearson_one_sided(hits, draws, tail),
        clopper_pearson_one_sided_upper(hits, draws, tail),
    )


def log_choose(n: int, k: ArrayLike) -> NDArray[np.float64]:
    """Return the logarithm of the binomial coefficient, elementwise in ``k`` in 0..n.

    >>> np.exp(log_choose(4, [0, 1, 2])).round(6).tolist()
    [1.0, 4.0, 6.0]
    """
    count = np.asarray(k, np.float64)
    parts = special.gammaln(count + 1.0) + special.gammaln(n - count + 1.0)
    return np.asarray(special.gammaln(n + 1.0) - parts)
