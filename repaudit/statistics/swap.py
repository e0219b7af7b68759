"""Judge whether an honest author could have got a claimed count or mean, given a re-run.

Two honest runs of one protocol are exchangeable, so author minus re-run has mean 0 and a
symmetric law whatever the unknown hit probabilities; only its variance is estimated
(`repaudit.statistics.variance`). The posterior predictive is not used: at the ceiling it
rejects every honest report.

A claim is the closed interval of values that round to the printed text. Quantiles:
`repaudit.statistics.swap_quantile`.

Several runs: pass pooled counts with the sum of the variances to `test_count`, or the
average of the runs with sum(V_r) / runs^2 to `test_mean`.
"""

# ruff: noqa: PT028 - these functions test claims; pytest never sees them

import numpy as np

from repaudit._core import special
from repaudit.statistics.skellam import largest_plausible, skellam_tail
from repaudit.statistics.swap_result import HONEST_LEVEL, HONEST_SDS, SwapResult


def attainable_counts(lo: float, hi: float, total: int) -> range:
    """Return the counts out of ``total`` whose share lies in [lo, hi]; empty when none does.

    A share within 1e-9 / total of an end counts as inside, because an end such as .2875 is
    no float.

    >>> list(attainable_counts(0.2875, 0.2925, 400))
    [115, 116, 117]
    """
    if total < 1:
        raise ValueError(f"total: expected at least 1, got {total}")
    lowest = max(int(np.ceil(lo * total - 1e-9)), 0)
    return range(lowest, min(int(np.floor(hi * total + 1e-9)), total) + 1)


def test_count(lo: float, hi: float, measured: int, total: int, variance: float) -> SwapResult:
    """Test a claimed proportion against the count of the re-run.

    ``lo, hi``   the claim as shares in 0..1; ``measured`` of ``total`` in the re-run
    ``variance`` of the difference of the two counts
    Returns the p-value of the nearest attainable count, and the honest shares.

    Raises ``ValueError`` when no count is attainable: that claim is refuted by arithmetic
    and does not belong to the family of tests.

    >>> result = test_count(0.95, 0.95, 40, 100, 9.0)
    >>> result.p_value < 1e-6, result.direction
    (True, 1)
    """
    counts = attainable_counts(lo, hi, total)
    if not counts:
        raise ValueError(f"claim: no count out of {total} lies in [{lo}, {hi}]")
    above, below = counts[0] - measured, measured - counts[-1]
    distance = max(above, below, 0)
    p_value = 1.0 if distance == 0 else min(1.0, 2.0 * skellam_tail(distance, variance))
    reach = largest_plausible(variance, HONEST_LEVEL)
    return SwapResult(
        p_value=p_value,
        direction=int(above > 0) - int(below > 0),
        variance=variance,
        honest_low=max(measured - reach, 0) / total,
        honest_high=min(measured + reach, total) / total,
    )


def test_mean(
    lo: float,
    hi: float,
    measured: float,
    variance: float,
    floor: float = 0.0,
) -> SwapResult:
    """Test a claimed mean against the mean of the re-run.

    ``variance`` of the difference of the two means, in squared units of the claim;
    ``floor`` a distance that is no evidence (numerical differences between machines).

    >>> test_mean(1.0, 1.1, 1.05, 0.01).p_value
    1.0
    >>> round(test_mean(2.0, 2.0, 1.0, 0.25).p_value, 4)  # 2 Phi(-2)
    0.0455
    """
    if variance < 0.0 or np.isnan(variance):
        raise ValueError(f"variance: expected a number of at least 0, got {variance}")
    above, below = lo - measured - floor, measured - hi - floor
    distance = max(above, below, 0.0)
    sd = float(np.sqrt(variance))
    reach = HONEST_SDS * sd + floor
    if distance == 0.0:
        p_value = 1.0
    else:
        p_value = 2.0 * float(special.ndtr(-distance / sd)) if sd > 0.0 else 0.0
    return SwapResult(
        p_value=p_value,
        direction=int(above > 0.0) - int(below > 0.0),
        variance=variance,
        honest_low=measured - reach,
        honest_high=measured + reach,
    )


def smallest_detectable_difference(
    variance: float, *, total: int | None = None, level: float = HONEST_LEVEL
) -> float:
    """Return the smallest difference from the re-run that a test at ``level`` rejects.

    With ``total`` the variance is that of counts and the answer a share of total; without,
    both are on the scale of the claim. Divide ``level`` by the number of claims for the
    difference that Holm's first step rejects.

    >>> smallest_detectable_difference(2.0, total=100)  # 4 is plausible, 5 is not
    0.05
    """
    if total is not None:
        return (largest_plausible(variance, level) + 1) / total
    return float(-special.ndtri(level / 2.0) * np.sqrt(variance))
