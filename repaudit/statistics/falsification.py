"""Does a point where the class changes speak against a certificate, or is it one of alpha's.

A certificate of radius R from k of n draws promises a hit probability at its centre r so large
that no point within R can change the class. When at a point at distance d < R the class has a
probability below 1/2, then p_A(r) < Phi(d / sigma) (Neyman-Pearson: a half-space loses the least
by a shift), so a count of k or more was a matter of P(Bin(n, Phi(d / sigma)) >= k).

That the class's probability is below 1/2 there is itself known only up to the error of the
confirmation, which is added.

A table of N certificates at level alpha may honestly hold N * alpha wrong ones. Which examples
are attacked depends on the counts: they must be certified. Among C certified of N the chance of
a count that high is up to N / C times larger than over all of them, so an attempt counts N / C.

Units
    ``z`` is a distance divided by sigma.

References
    [CRK19] theorem 1; [CP34] as in `binomial`.
"""

from collections.abc import Iterable

import numpy as np

from repaudit._core import special

CONFIRMATION_ERROR = 1e-4
"""Largest error probability of one confirmation."""
CONFIRMATION_SHARE = 0.1
"""Largest part of ``LEVEL`` that the confirmations of a family may use up."""
LEVEL = 0.01
"""Probability that an honest file has any certificate called refuted."""
TABLE_LEVEL = 0.001
"""The same for the number of flips in one table, which is a second test."""


def certificate_p_value(
    hits: int, draws: int, z: float, confirmation_error: float = CONFIRMATION_ERROR
) -> float:
    """Return how likely a count as high was, when the class changes at distance ``z`` sigma.

    ``hits`` of ``draws`` gave the certified class at the centre. Never more than 1.

    Raises ``ValueError`` for impossible counts, a negative ``z``, or an error outside [0, 1].

    >>> round(certificate_p_value(10, 10, 0.0, 0.0), 6)  # Phi(0) = 1/2: 1 / 1024
    0.000977
    """
    if not 0 <= hits <= draws or draws < 1:
        raise ValueError(f"hits: expected a count of at most {draws}, got {hits}")
    if not z >= 0.0:
        raise ValueError(f"z: expected at least 0, got {z}")
    if not 0.0 <= confirmation_error <= 1.0:
        raise ValueError(f"confirmation_error: expected a probability, got {confirmation_error}")
    if hits == 0:
        return 1.0
    # In the share of misses, which keeps its digits when the hit probability is near 1.
    miss = float(special.ndtr(-z))
    tail = float(special.betaincc(draws - hits + 1.0, float(hits), miss))
    return min(tail + confirmation_error, 1.0)


def family_size(tables: Iterable[tuple[int, int, int]]) -> float:
    """Return the number of tests that the attempts on some tables amount to.

    ``tables`` are (attempts, rows, certified rows), rows being examples times runs.

    Raises ``ValueError`` for attempts on a table without certificates, or with fewer rows.

    >>> family_size([(20, 400, 200), (5, 100, 100)])  # 20 * 2 + 5
    45.0
    """
    size = 0.0
    for attempts, rows, certified in tables:
        if attempts and not 1 <= certified <= rows:
            raise ValueError(f"certified: expected 1..{rows}, got {certified}")
        size += attempts * rows / certified if attempts else 0.0
    return size


def confirmation_error(family: float) -> float:
    """Return the error level of each confirmation, so that all of them leave room for the tests.

    >>> confirmation_error(1.0), confirmation_error(1000.0)
    (0.0001, 1e-06)
    """
    return min(CONFIRMATION_ERROR, CONFIRMATION_SHARE * LEVEL / max(family, 1.0))


def is_refuted(p_value: float, family: float) -> bool:
    """Say whether a flip refutes its certificate: its p-value times the family is below LEVEL.

    >>> is_refuted(1e-4, 20.0), is_refuted(1e-3, 20.0)
    (True, False)
    """
    return p_value * max(family, 1.0) < LEVEL


def table_p_value(
    flipped: int, rows: int, alpha: float, confirmation_error: float = CONFIRMATION_ERROR
) -> float:
    """Return how likely a table of ``rows`` certificates at ``alpha`` has that many wrong ones.

    Every flipped certificate is a wrong one, so attempts that fail cost nothing. 1 without one.

    >>> round(table_p_value(1, 1, 0.001, 0.0), 6)
    0.001
    """
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha: expected a number in (0, 1), got {alpha}")
    if not 0 <= flipped <= rows:
        raise ValueError(f"flipped: expected at most {rows}, got {flipped}")
    if flipped == 0:
        return 1.0
    tail = float(special.betainc(float(flipped), rows - flipped + 1.0, alpha))
    return float(np.minimum(tail + flipped * confirmation_error, 1.0))


def is_table_refuted(p_value: float, tables: int) -> bool:
    """Say whether a table has more flips than its alpha allows, among ``tables`` of them.

    >>> is_table_refuted(1e-4, 5), is_table_refuted(1e-3, 5)
    (True, False)
    """
    return p_value * max(tables, 1) < TABLE_LEVEL
