"""By how much two ways to compute one network differ, in logits and in votes."""

import math
from dataclasses import dataclass

import numpy as np

from repaudit.rerun.votes import Output
from repaudit.statistics.binomial import clopper_pearson_one_sided_upper

TOLERANCE = {"float64": 1e-11, "float32": 1e-4, "tf32": 5e-3}
"""largest difference of an output relative to the block's largest; narrower types: `COARSE`"""
COARSE = 5e-2
CONFIDENCE = 0.99
SHARE_OF_SD = 0.25
"""of 1 / sqrt(n): half of the largest standard deviation of one example's share of votes"""


def difference(reference: Output, other: Output) -> float:
    """Return the largest difference of two outputs relative to the reference's largest number.

    Infinite where one is finite and the other is not, or where the shapes differ.

    >>> difference(np.array([[1.0, 4.0]]), np.array([[1.0, 4.5]]))
    0.125
    """
    if reference.shape != other.shape:
        return math.inf
    finite = np.isfinite(reference)
    if not np.array_equal(finite, np.isfinite(other)):
        return math.inf
    if not finite.any():
        return 0.0
    size = max(float(np.abs(reference[finite]).max()), float(np.finfo(np.float32).tiny))
    return float(np.abs(reference[finite] - other[finite]).max()) / size


def is_same(reference: Output, other: Output, dtype: str) -> bool:
    """Whether two outputs are one function's up to the rounding of a declared dtype.

    A vote can then differ only where its two largest outputs are nearer to each other than twice
    the tolerance.
    """
    return difference(reference, other) <= TOLERANCE.get(dtype, COARSE)


@dataclass(frozen=True)
class VoteAgreement:
    """How many of some votes differ in another precision, and how many may."""

    rows: int
    differing: int
    limit: float
    """largest share that hides in the noise of n draws"""

    @property
    def at_most(self) -> float:
        """Clopper-Pearson upper bound of the share of votes that differ, at 99 %."""
        bound = clopper_pearson_one_sided_upper(self.differing, self.rows, 1 - CONFIDENCE)
        return float(bound)

    @property
    def holds(self) -> bool:
        """Whether the other precision may be used."""
        return self.at_most <= self.limit

    @property
    def text(self) -> str:
        """The agreement in words, for the report."""
        return (
            f"{self.differing} of {self.rows} votes differ (at most {self.at_most:.3%} at "
            f"{CONFIDENCE:.0%}; {self.limit:.3%} may)"
        )


def limit_for(draws: int) -> float:
    """Return the share of votes that may differ in an evaluation of n draws per example.

    A quarter of 1 / sqrt(n), which is half a standard deviation of one example's share at worst:
    a difference that no count of the evaluation can show by itself.
    """
    return SHARE_OF_SD / math.sqrt(draws)


def rows_for(draws: int) -> int:
    """Return how many votes without a difference show that the share is within the limit."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log1p(-limit_for(draws)))
