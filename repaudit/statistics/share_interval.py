"""The interval of a share from examples drawn one by one, valid whenever the drawing stopped.

A share is inside while the bets of `sequential` against it, from either side, have not paid.
The usual intervals hold only for a number of examples that was fixed beforehand.
"""

from collections.abc import Callable, Sequence

from repaudit.statistics.sequential import Martingale


def share_interval(outcomes: Sequence[bool], population: int, level: float) -> tuple[float, float]:
    """Return the lowest and the highest share of the population that the outcomes allow.

    ``outcomes`` are those of distinct examples in the order in which they were drawn at random,
    without replacement; ``level`` is the risk that the share ever lies outside.

    >>> share_interval([True, False], 2, 0.01)  # all of the population was seen
    (0.5, 0.5)
    >>> share_interval([], 7, 0.01)
    (0.0, 1.0)
    """
    ones = [float(outcome) for outcome in outcomes]
    zeros = [1.0 - one for one in ones]
    fewest = _first(lambda s: not _is_above(ones, s, population, level), 0, population)
    most = population - _first(lambda s: not _is_above(zeros, s, population, level), 0, population)
    # An order that both sides rule out has a chance below ``level``; nothing lies between then.
    low, high = sorted((fewest, most))
    return low / population, high / population


def _is_above(values: Sequence[float], total: int, population: int, level: float) -> bool:
    """Whether a population with at most ``total`` ones is ruled out."""
    martingale = Martingale(population, total / population)
    martingale.extend(values)
    return martingale.rejects(level / 2.0)


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the smallest number in low..high where a monotone condition holds."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
