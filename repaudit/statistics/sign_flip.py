"""Do an author's published counts and a re-run's agree, on examples chosen by the author's.

The informative examples are those whose votes move with sigma, and an audit that can afford
only a few re-runs looks for them in the author's counts. That choice biases every test that
conditions on sums. Two honest counts of one example remain exchangeable once *both* have to lie
in the window: swapping them is a flip of the sign of their difference, and all 2^m patterns of
signs are equally likely.

    T   sum (k_a - k_r) / sqrt(2 n p (1 - p)), p the pooled share of the two counts

Units
    Counts are votes for the true label among ``n`` draws of each run.

References
    [Lehmann05] E. Lehmann and J. Romano, Testing statistical hypotheses, section 15.2
    (randomisation tests).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit.statistics.binomial import checked_counts
from repaudit.statistics.records import Null

FloatArray = NDArray[np.float64]
_EXACT_UP_TO = 16
"""Pairs whose 2^m patterns of signs are all visited."""
_CELLS = 1_000_000
"""Signs held at once: 8 MB."""
_TIE = 1e-9
"""Relative distance at which two sums of the same terms are equal."""


@dataclass(frozen=True)
class SignFlipResult:
    """An exact test of a systematic difference between two runs, and its size."""

    p_value: float
    """Two-sided; 1.0 without an informative pair."""
    direction: Literal[-1, 0, 1]
    """+1 the author's counts are the more confident ones, -1 the less, 0 neither."""
    informative: int
    """Pairs with both counts in the window, out of those given."""
    left_out: int
    """Pairs given of which a count lies outside."""
    sigma_error: float
    """e such that the author's counts look like a run at sigma (1 + e): negative when the
    author's are the more confident ones. 0.0 without a pair."""
    median_shift: float
    """Median of |share of the author - of the re-run|; 0.0 without a pair."""


def in_window(counts: ArrayLike, n: int) -> NDArray[np.bool_]:
    """Return which counts move with sigma: .55 n <= k <= .995 n.

    Raises ``ValueError`` for a count outside 0..n.

    >>> in_window([549, 550, 995, 996], 1000).tolist()
    [False, True, True, False]
    """
    k, _ = checked_counts(counts, n, 0.5)
    return np.asarray((20.0 * k >= 11.0 * n) & (1000.0 * k <= 995.0 * n))


def sign_flip_test(
    author: ArrayLike, rerun: ArrayLike, n: int, seed: int, *, simulations: int = 20_000
) -> SignFlipResult:
    """Test that author and re-run drew from the same hit probabilities, independently.

    Shapes
        author, rerun  int[examples], votes for the true label among n draws each; examples in
                       the same order

    Exact for examples chosen by the author's counts, as long as the choice among those in the
    window does not depend on where in the window they are. All patterns of signs are visited
    for up to 16 pairs; for more, ``simulations`` of them are drawn, and p is at least
    1 / (simulations + 1). Few pairs cannot reject: m pairs give p of at least 2^(1 - m).

    Raises ``ValueError`` for unequal lengths, counts outside 0..n, or no simulations.

    >>> sign_flip_test([90, 80, 70], [80, 70, 60], n=100, seed=0).p_value  # 2 of 2^3 patterns
    0.25
    """
    both = np.stack([_counts(author, n), _counts(rerun, n)])
    if simulations < 1:
        raise ValueError(f"simulations: expected at least 1, got {simulations}")
    inside = in_window(both, n).all(axis=0)
    kept = both[:, inside]
    left_out = int(inside.size - kept.shape[1])
    if kept.shape[1] == 0:
        return SignFlipResult(1.0, 0, 0, left_out, 0.0, 0.0)
    difference, total = kept[0] - kept[1], kept.sum(axis=0)
    standard = difference / np.sqrt(total * (1.0 - total / (2.0 * n)))
    return SignFlipResult(
        p_value=_p_value(standard[difference != 0], seed, simulations),
        direction=_sign(standard),
        informative=kept.shape[1],
        left_out=left_out,
        sigma_error=Null(total, n, n).sigma_error(kept[0], kept[1]),
        median_shift=float(np.median(np.abs(difference))) / n,
    )


def _sign(terms: FloatArray) -> Literal[-1, 0, 1]:
    total, tie = float(terms.sum()), _TIE * float(np.abs(terms).sum())
    if abs(total) <= tie:
        return 0
    return 1 if total > 0.0 else -1


def _counts(counts: ArrayLike, n: int) -> FloatArray:
    checked, _ = checked_counts(counts, n, 0.5)
    if checked.ndim != 1:
        raise ValueError(f"label hits: expected one dimension, got shape {checked.shape}")
    return checked


def _p_value(terms: FloatArray, seed: int, simulations: int) -> float:
    """Return the share of sign patterns whose sum is at least as far from 0."""
    observed = abs(float(terms.sum())) - _TIE * float(np.abs(terms).sum())
    if terms.size <= _EXACT_UP_TO:
        patterns = np.arange(2**terms.size)[:, None] >> np.arange(terms.size)
        return float(np.mean(np.abs(_signed(patterns, terms)) >= observed))
    rng = np.random.default_rng(seed)
    extreme, rows = 0, max(_CELLS // terms.size, 1)
    for start in range(0, simulations, rows):
        size = (min(rows, simulations - start), terms.size)
        sums = _signed(rng.integers(0, 2, size, dtype=np.int8), terms)
        extreme += int(np.count_nonzero(np.abs(sums) >= observed))
    return (1.0 + extreme) / (1.0 + simulations)


def _signed(bits: NDArray[np.int64] | NDArray[np.int8], terms: FloatArray) -> FloatArray:
    """Return the sums of the terms, those with bit 1 negated: f64[patterns]."""
    return np.asarray((1.0 - 2.0 * (bits & 1)) @ terms)
