"""Released counts that never fail against a few of our own draws.

Examples of which nearly every draw gives the label are too sure for a comparison of certificates
to tell anything about: 10 000 of 10 000 and 9980 of 10 000 are both certified. But failures that
the author's n draws did not meet turn up in a handful of ours. Given the failures of both runs
together, s_i, ours are hypergeometric whatever the p_i; examples are chosen by s_i alone, so the
choice cannot bias it.

Reference: statistics/records, the exact test given the sums.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit.statistics.binomial import log_choose

LARGEST_SHARE = 0.005
"""Failures of both runs together, as a share of all draws, up to which an example is chosen."""


@dataclass(frozen=True)
class FewFailures:
    """The test."""

    p_value: float
    """one-sided: small when the author's counts have too few failures"""
    examples: int
    """chosen"""
    failures: int
    """among our draws of these"""
    expected: float
    """of an honest author, given the failures of both"""


def few_failures_test(
    author_failures: ArrayLike, n: int, our_failures: ArrayLike, draws: int
) -> FewFailures:
    """Return the test of ``n`` draws of an author against ``draws`` of ours, per example.

    Shapes
        author_failures  int[examples]  draws that did not give the label, of n
        our_failures     int[examples]  of our ``draws``, made without looking at the author's

    >>> round(few_failures_test([0, 0], 999, [1, 0], 1).p_value, 9)  # one in a thousand
    0.001
    """
    theirs, ours = np.asarray(author_failures, np.int64), np.asarray(our_failures, np.int64)
    total = theirs + ours
    chosen = total <= LARGEST_SHARE * (n + draws)
    observed = int(ours[chosen].sum())
    law = _law_of_sum(total[chosen], n, draws)
    expected = float(total[chosen].sum() * draws / (n + draws))
    tail = min(1.0, float(law[observed:].sum()))
    return FewFailures(tail, int(chosen.sum()), observed, expected)


def _law_of_sum(totals: NDArray[np.int64], n: int, draws: int) -> NDArray[np.float64]:
    """Return the law of our failures in all examples together."""
    law = np.ones(1)
    for total, count in zip(*np.unique(totals[totals > 0], return_counts=True), strict=True):
        one = _hypergeometric(int(total), n, draws)
        for _ in range(int(count)):
            law = np.convolve(law, one)
    return law


def _hypergeometric(total: int, n: int, draws: int) -> NDArray[np.float64]:
    """Return P(j of ``total`` failures fall into ours), j = 0..min(total, draws)."""
    j = np.arange(min(total, draws) + 1)
    log = log_choose(draws, j) + log_choose(n, total - j) - log_choose(n + draws, total)
    return np.asarray(np.exp(log))
