"""Mean, scale, skewness and kurtosis from sums of powers, with their scores."""

from collections.abc import Sequence

from repaudit.rerun.probes._bench import Numbers
from repaudit.rerun.probes._numbers import rounded

SMALLEST = 1e-300
"""instead of a variance of 0, which noise that moves something never has"""


def moments_of(powers: Sequence[float]) -> Numbers:
    """Return the moments of values from the sums of their powers 0 to 4.

    A score is the distance from what standard normal values give, in standard deviations:
    1 / sqrt(N) of the mean, 1 / sqrt(2 N) of the scale, sqrt(6 / N) and sqrt(24 / N).

    >>> moments_of([4, 0, 4, 0, 4])["kurtosis"]  # plus and minus 1, twice each
    1.0
    """
    count = powers[0]
    mean, square, cube, fourth = (power / count for power in powers[1:])
    variance = max(square - mean**2, SMALLEST)
    scale = variance**0.5
    skewness = (cube - 3 * mean * square + 2 * mean**3) / variance**1.5
    central = fourth - 4 * mean * cube + 6 * mean**2 * square - 3 * mean**4
    kurtosis = central / variance**2
    return {
        "std_over_sigma": rounded(scale, 6),
        "std_score": rounded((scale - 1.0) * (2 * count) ** 0.5),
        "mean_score": rounded(mean / scale * count**0.5),
        "skewness": rounded(skewness),
        "skewness_score": rounded(skewness * (count / 6) ** 0.5),
        "kurtosis": rounded(kurtosis, 6),
        "kurtosis_score": rounded((kurtosis - 3.0) * (count / 24) ** 0.5),
    }
