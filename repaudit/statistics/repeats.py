"""Judge a claimed count, rate or mean against a handful of complete repetitions of a re-run.

Outcomes of one example are independent draws of one unknown law in every run, the author's
included, and differ from example to example. With M repetitions of ours against R of the author's
the difference of the means has variance (1/R + 1/M) sum_i s_i^2, s_i^2 the variance of example i
over our repetitions (for Bernoulli outcomes p_i (1 - p_i) M / (M - 1)).

A few repetitions that all agree still hide examples that would have differed in the next run: of
M + 1 exchangeable runs the odd one out is the author's with probability 1 / (M + 1), so that a
difference of d examples happens with (M + 1)^-d. `LEAST` keeps the test valid there.

References
    statistics of the standard, 3.2 (defence rate).
    [Student08] The probable error of a mean, 1908: for draws that all examples share, where only
    the M totals are independent.
"""

# ruff: noqa: PT028 - these functions test claims; pytest never sees them

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from repaudit._core import special
from repaudit.statistics.skellam import largest_plausible, skellam_tail
from repaudit.statistics.swap_result import HONEST_LEVEL, SwapResult

LEAST = 1.0
"""Variance of one author's count against ours that no agreement of a few repetitions rules out:
at M = 3 a difference of four examples has 2 P = .002 under it and .008 under exchangeability."""


@dataclass(frozen=True)
class Repeated:
    """A ratio of counts in M repetitions."""

    rate: float
    """mean over the repetitions of numerator over denominator"""
    size: float
    """mean denominator"""
    scatter: float
    """sum over examples of the variance of their outcomes, in squared counts"""
    between: float
    """variance of the M totals, in squared counts; what counts where examples share draws"""
    repeats: int
    """M"""

    def variance(self, author_repeats: int, *, shared: bool = False) -> float:
        """Return the variance of author minus re-run, in squared counts."""
        factor = 1.0 / author_repeats + 1.0 / self.repeats
        scatter = max(self.scatter, self.between) if shared else self.scatter
        return factor * scatter + LEAST / author_repeats


def repeated(numerator: NDArray[np.bool_], denominator: NDArray[np.bool_]) -> Repeated:
    """Return what M repetitions say about #numerator / #denominator.

    Shapes
        numerator, denominator  bool[M, N]   of each example in each repetition

    With one repetition the scatter is that of a binomial count, which no Poisson binomial
    exceeds. Raises ``ValueError`` when a denominator is empty.

    >>> found = repeated(np.array([[1, 1, 0], [1, 0, 0]]) > 0, np.ones((2, 3)) > 0)
    >>> round(found.rate, 3), found.scatter  # only the second example differs: 1/2
    (0.5, 0.5)
    """
    sizes = denominator.sum(1)
    if np.any(sizes == 0):
        raise ValueError("denominator: expected at least one example in every repetition")
    rates = numerator.sum(1) / sizes
    rate, size, repeats = float(rates.mean()), float(sizes.mean()), len(sizes)
    if repeats == 1:
        scatter = size * rate * (1.0 - rate)
        return Repeated(rate, size, scatter, scatter, 1)
    residuals = numerator.astype(float) - rate * denominator
    scatter = float(residuals.var(0, ddof=1).sum())
    return Repeated(rate, size, scatter, float(rates.var(ddof=1)) * size**2, repeats)


def test_repeated(
    low: float, high: float, found: Repeated, author_repeats: int, *, shared: bool = False
) -> SwapResult:
    """Test a claimed rate in [low, high] against repetitions of a re-run.

    ``shared`` says that all examples of a run meet the same draws, so that only its M totals are
    independent: Student's law with M - 1 degrees of freedom, and no verdict from one.

    >>> every = np.ones((3, 200)) > 0
    >>> agreed = repeated(every, every)
    >>> test_repeated(0.995, 0.995, agreed, 1).p_value > 0.01  # one of 200 differs
    True
    >>> test_repeated(0.95, 0.95, agreed, 1).p_value < 0.01  # ten do
    True
    """
    variance = found.variance(author_repeats, shared=shared)
    above, below = low - found.rate, found.rate - high
    distance = max(above, below, 0.0) * found.size
    if shared:
        p_value, reach = _student(distance, variance, found.repeats - 1)
    elif author_repeats == 1:
        whole = np.floor(distance + 1e-9)  # thirds of a count are no evidence
        p_value = min(1.0, 2.0 * skellam_tail(whole, variance)) if whole > 0 else 1.0
        return _of_counts(found, p_value, largest_plausible(variance, HONEST_LEVEL), above, below)
    else:
        p_value = 2.0 * float(special.ndtr(-distance / np.sqrt(variance)))
        reach = -float(special.ndtri(HONEST_LEVEL / 2.0)) * float(np.sqrt(variance))
    return SwapResult(
        p_value=min(1.0, p_value),
        direction=int(above > 0.0) - int(below > 0.0),
        variance=variance,
        honest_low=max(found.rate - reach / found.size, 0.0),
        honest_high=min(found.rate + reach / found.size, 1.0),
    )


def _of_counts(
    found: Repeated, p_value: float, most: int, above: float, below: float
) -> SwapResult:
    """Return the result where an honest author has a whole count, ours plus or minus ``most``."""
    count = found.rate * found.size
    high = np.ceil(count + most + 1 - 1e-9) - 1
    low = np.floor(count - most - 1 + 1e-9) + 1
    return SwapResult(
        p_value=p_value,
        direction=int(above > 0.0) - int(below > 0.0),
        variance=found.variance(1),
        honest_low=max(float(low) / found.size, 0.0),
        honest_high=min(float(high) / found.size, 1.0),
    )


def test_few(
    low: float, high: float, values: NDArray[np.float64], author_repeats: int, floor: float
) -> SwapResult:
    """Test a claimed number in [low, high] against the numbers of M repetitions, Student's law.

    ``floor`` is a distance that is no evidence (numerical differences between machines). One
    repetition decides nothing.
    """
    repeats, mean = len(values), float(np.mean(values))
    spread = float(np.var(values, ddof=1)) if repeats > 1 else np.inf
    variance = (1.0 / author_repeats + 1.0 / repeats) * spread
    above, below = low - mean - floor, mean - high - floor
    p_value, reach = _student(max(above, below, 0.0), variance, repeats - 1)
    return SwapResult(
        p_value=p_value,
        direction=int(above > 0.0) - int(below > 0.0),
        variance=variance,
        honest_low=mean - reach - floor,
        honest_high=mean + reach + floor,
    )


def _student(distance: float, variance: float, freedom: int) -> tuple[float, float]:
    """Return the two-sided p-value of a distance, and how far an honest number may lie."""
    if freedom < 1:
        return 1.0, np.inf
    sd = float(np.sqrt(variance))
    reach = -float(special.stdtrit(freedom, HONEST_LEVEL / 2.0)) * sd
    if distance == 0.0:
        return 1.0, reach
    return (2.0 * float(special.stdtr(freedom, -distance / sd)) if sd > 0.0 else 0.0), reach
