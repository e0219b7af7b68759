"""Betting against a finite population, in exact fractions, and over all orders of it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

INFINITE = Fraction(10**30)


def stakes(
    values: Sequence[Fraction], population: int, null_mean: Fraction, bets: Sequence[Fraction]
) -> list[Fraction]:
    """Return the average stake after every example, from the definition.

    m_t < 0 rejects; m_t = 0 rejects when x_t > 0 and leaves the stakes otherwise; m_t >= 1
    ends the betting.
    """
    single = [Fraction(1)] * len(bets)
    result, broken = [], False
    for t, x in enumerate(values):
        mean = (population * null_mean - sum(values[:t])) / (population - t)
        broken = broken or mean < 0 or (mean == 0 and x > 0)
        if not broken and 0 < mean < 1:
            single = [s * (1 + c * (x / mean - 1)) for s, c in zip(single, bets, strict=True)]
        # an example above all that the null leaves shows at once what the next m_t would
        broken = broken or sum(values[: t + 1]) > population * null_mean
        result.append(INFINITE if broken else sum(single) / len(bets))
    return result


def orders(values: Sequence[Fraction]) -> Iterator[tuple[Fraction, ...]]:
    """Yield every distinct order; all are equally likely when drawn without replacement."""
    yield from sorted(set(permutations(values)))


def curtailed_errors(
    p: Fraction,
    n0: int,
    n: int,
    needed: int,
    looks: Sequence[int],
    accept: Sequence[int],
    reject: Sequence[int],
) -> tuple[Fraction, Fraction]:
    """Return P(accepted, y = 0) and P(rejected, y = 1) by walking all numbers of failures.

    ``y`` = more than half of n0 votes, and at least ``needed`` of n; draws go on to n behind a
    decision, since y is what they would have shown.
    """
    selected = sum(_choose(n0, k) * p**k * (1 - p) ** (n0 - k) for k in range(n0 // 2 + 1, n0 + 1))
    # state: failures so far, and the decision taken: None, True, False
    states: dict[tuple[int, bool | None], Fraction] = {(0, None): Fraction(1)}
    for t in range(1, n + 1):
        moved: dict[tuple[int, bool | None], Fraction] = {}
        for (failures, decision), mass in states.items():
            for more, chance in ((0, p), (1, 1 - p)):
                after, decided = failures + more, decision
                if decided is None and t in looks:
                    at = looks.index(t)
                    if after <= accept[at]:
                        decided = True
                    elif after >= reject[at]:
                        decided = False
                moved[after, decided] = moved.get((after, decided), Fraction(0)) + mass * chance
        states = moved
    hit = {True: Fraction(0), False: Fraction(0)}
    for (failures, decision), mass in states.items():
        y = selected if n - failures >= needed else Fraction(0)
        if decision is not None:
            hit[decision] += mass * ((1 - y) if decision else y)
    return hit[True], hit[False]


def _choose(n: int, k: int) -> int:
    result = 1
    for i in range(k):
        result = result * (n - i) // (i + 1)
    return result
