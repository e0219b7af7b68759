"""Shares of the examples: which whole-number fractions a printed one can be."""

from fractions import Fraction
from itertools import combinations
from math import lcm

from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, whole
from repaudit.rules._quantity import Interval
from repaudit.rules._runs import Run, runs_behind

OF_ALL_EXAMPLES = {
    "certified_accuracy",
    "certified_wrong_rate",
    "abstention_rate",
    "noisy_accuracy",
    "clean_accuracy",
    "attacked_accuracy",
}
"""Metrics that divide a count by the number of examples; the other shares have other divisors."""
SINGLE = Fraction(1, 2**22)
"""Relative rounding of a mean in float32, which is where many printed accuracies come from."""


def is_share(claim: Claim) -> bool:
    """Whether a claim is a count of examples divided by all of them, with its unit."""
    is_of_all = claim.metric == "attack_success_rate" and claim.population == "all"
    return claim.unit in ("percent", "fraction") and (is_of_all or claim.metric in OF_ALL_EXAMPLES)


def share(claim: Claim, read: Read) -> Interval | None:
    """Return the shares in 0..1 that print as a claim; ``None`` where none do."""
    interval = read(claim)
    if interval is None:
        return None
    low, high = interval
    low, high = max(low - abs(low) * SINGLE, Fraction(0)), min(high * (1 + SINGLE), Fraction(1))
    return (low, high) if low <= high else None


def denominators(results: Results, placed: Matched) -> tuple[int, ...]:
    """Return the numbers of which a claimed share, times one of them, is whole; empty = unknown.

    Over runs of sizes N_j, a mean is a multiple of 1 / (S lcm N_j), a pooled share of 1 / sum N_j,
    and an extreme or a median is one run's, or halfway between two. A claim that leaves open how
    its runs were combined may be any of these.
    """
    runs, across = runs_behind(results, placed), placed.claim.across
    if runs is None or not runs:
        return ()
    if len(runs) == 1:
        return (runs[0].examples,)
    if across == "unstated":
        return tuple({d for way in ("mean", "median", "pooled", "max") for d in _over(runs, way)})
    return _over(runs, across) if across is not None else ()


def _over(runs: list[Run], across: str) -> tuple[int, ...]:
    sizes = [run.examples for run in runs]
    if across == "mean":
        return (len(sizes) * lcm(*sizes),)
    if across == "pooled":
        return (sum(sizes),)
    if across == "median" and len(sizes) % 2 == 0:
        pairs = {lcm(*pair) for pair in combinations(sizes, 2)}
        return tuple(sorted(2 * pair for pair in pairs))
    return tuple(sorted(set(sizes)))


def attainable(interval: Interval, divisors: tuple[int, ...]) -> Interval | None:
    """Return the smallest and the largest whole-number share in an interval; ``None`` without one.

    >>> attainable((Fraction(9215, 10000), Fraction(9235, 10000)), (400,))
    (Fraction(369, 400), Fraction(369, 400))
    """
    found = [
        Fraction(count, divisor)
        for divisor in divisors
        if (counts := whole(interval, divisor)) is not None
        for count in counts
    ]
    return (min(found), max(found)) if found else None


def exact_share(results: Results, placed: Matched, read: Read) -> Interval | None:
    """Return the smallest and largest possible share behind a claim; ``None`` where not known.

    A number that no whole count gives, which has a rule of its own, keeps the interval of its
    digits.
    """
    printed = share(placed.claim, read) if is_share(placed.claim) else None
    if printed is None:
        return None
    return attainable(printed, denominators(results, placed)) or printed
