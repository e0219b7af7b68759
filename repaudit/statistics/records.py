"""Are an author's published counts and a re-run's counts two runs of one pipeline.

Given the sum s of an example's two counts, the author's count is hypergeometric whatever the
hit probability, so the law of every statistic of the author's counts is known exactly: no
nuisance parameter, no prior.

    T1  systematic shift of the margin (sigma, policy, model): sum sign(s - mid) z / sqrt(m)
    T2  dispersion: too much (another pipeline, inflated n), too little (copied noise): sum z^2
    T3  a single forged record: max |z|

z is the standardised deviation of the author's count, over the m informative examples with
0 < s < n_a + n_r; mid = (n_a + n_r) / 2.

Units
    ``sigma_error`` is relative; ``drift`` is in standard normal quantiles of the hit share.

References
    [Lehmann05] E. Lehmann and J. Romano, Testing statistical hypotheses, section 4.5
    (conditioning on the sum); [Holm79] for the combination of the three.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit._core import special
from repaudit.statistics.binomial import checked_counts
from repaudit.statistics.records_tail import tail_bounds

FloatArray = NDArray[np.float64]
_FIRST = 1000
"""Simulations after which a comparison far from rejection stops."""
_CELLS = 1_000_000
"""Simulated counts held at once: 40 MB with the arrays made from them."""


@dataclass(frozen=True)
class RecordsResult:
    """Three exact tests of the author's counts against the re-run's, and effect sizes."""

    p_direction: float
    """T1, two-sided."""
    direction: int
    """+1 the author's counts are the more confident ones, -1 the less, 0 neither."""
    p_over: float
    """T2, upper tail: the counts differ more than two honest runs do."""
    p_under: float
    """T2, lower tail: the counts agree more than two honest runs do."""
    p_single: float
    """T3."""
    p_value: float
    """min(1, 2 * 3 * min p): Holm over T1, two-sided T2 and T3, run at a nominal .5 % so that
    its level is 1 %; this one enters the family of the file."""
    sigma_error: float
    """e such that the author's counts look like a run at sigma (1 + e); 0.0 without examples."""
    drift: float
    """Sd of a random shift of the quantiles that explains the over-dispersion; at least 0."""
    median_shift: float
    """Median of |share of hits of author - of re-run| over the informative examples."""
    informative: int
    """m, examples with 0 < s < n_a + n_r; with m = 0 every p is 1."""
    worst_index: int | None
    """Position of the largest |z| among all examples; None with m = 0."""


def records_test(
    author_label_hits: ArrayLike,
    author_draws: int,
    rerun_label_hits: ArrayLike,
    rerun_draws: int,
    *,
    seed: int,
    simulations: int = 20_000,
) -> RecordsResult:
    """Test that author and re-run drew from the same hit probabilities, independently.

    Shapes
        author_label_hits, rerun_label_hits  int[examples], votes for the true label (never
        for the selected class, which may differ); examples in the same order

    The p-values are those of ``simulations`` hypergeometric draws under the null (1000 when
    nothing is near rejection); where no draw was as extreme, an exact upper bound on the tail
    probability replaces the floor 1 / (simulations + 1) when it is smaller. The seed should
    be the audit's own. Examples must not have been chosen by looking at the author's counts.

    Raises ``ValueError`` for unequal lengths, counts outside 0..draws, or no simulations.

    >>> records_test([10, 10], 10, [10, 10], 10, seed=0).p_value  # saturated: no information
    1.0
    """
    author, _ = checked_counts(author_label_hits, author_draws, 0.5)
    rerun, _ = checked_counts(rerun_label_hits, rerun_draws, 0.5)
    if author.shape != rerun.shape or author.ndim != 1:
        raise ValueError(f"label hits: expected one shape, got {author.shape}, {rerun.shape}")
    if simulations < 1:
        raise ValueError(f"simulations: expected at least 1, got {simulations}")
    total = author + rerun
    kept = np.flatnonzero((total > 0) & (total < author_draws + rerun_draws))
    if kept.size == 0:
        return RecordsResult(1.0, 0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0, None)
    null = Null(total[kept], author_draws, rerun_draws)
    z = null.standardise(author[kept])
    p_up, p_down, p_over, p_under, p_single = null.p_values(z, seed, simulations)
    p_direction = min(1.0, 2.0 * min(p_up, p_down))
    p_dispersion = min(1.0, 2.0 * min(p_over, p_under))
    shift = np.abs(author[kept] / author_draws - rerun[kept] / rerun_draws)
    return RecordsResult(
        p_direction=p_direction,
        direction=int(np.sign(null.statistics(z)[0])),
        p_over=p_over,
        p_under=p_under,
        p_single=p_single,
        p_value=min(1.0, 6.0 * min(p_direction, p_dispersion, p_single)),
        sigma_error=null.sigma_error(author[kept], rerun[kept]),
        drift=null.drift(z),
        median_shift=float(np.median(shift)),
        informative=int(kept.size),
        worst_index=int(kept[np.argmax(np.abs(z))]),
    )


class Null:
    """The law of the author's counts given the sums, for the informative examples."""

    def __init__(self, total: FloatArray, author_draws: int, rerun_draws: int) -> None:
        """Prepare the moments; ``total`` f64[m], strictly between 0 and all draws."""
        self.total, self.n_a, self.n_r = total, author_draws, rerun_draws
        n = author_draws + rerun_draws
        self.pooled = total / n
        self.mean = author_draws * self.pooled
        variance = self.mean * (1.0 - self.pooled) * rerun_draws / (n - 1.0)
        self.sd = np.sqrt(variance)
        self.sign = np.sign(total - n / 2.0)

    def standardise(self, author: FloatArray) -> FloatArray:
        """Return z for counts of shape f64[..., m]."""
        return np.asarray((author - self.mean) / self.sd)

    def statistics(self, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return T1, T2, T3 over the last axis."""
        direction = z @ self.sign / np.sqrt(self.total.size)
        return direction, (z * z).sum(axis=-1), np.abs(z).max(axis=-1)

    def p_values(self, z: FloatArray, seed: int, simulations: int) -> FloatArray:
        """Return p of T1 up, T1 down, T2 up, T2 down, T3 up: f64[5]."""
        rng = np.random.default_rng(seed)
        first = min(_FIRST, simulations)
        extreme = self._count_extreme(z, rng, first)
        if np.all(extreme > 0.1 * first):
            return (extreme + 1.0) / (first + 1.0)
        extreme = extreme + self._count_extreme(z, rng, simulations - first)
        p = (extreme + 1.0) / (simulations + 1.0)
        if np.any(extreme == 0):
            p = np.where(extreme == 0, np.minimum(p, tail_bounds(self, z)), p)
        return np.asarray(p)

    def _count_extreme(
        self, z: FloatArray, rng: np.random.Generator, simulations: int
    ) -> FloatArray:
        """Count the simulated statistics at least as extreme as those of z: f64[5]."""
        t1, t2, t3 = self.statistics(z)
        tie = 1e-9  # the statistics are sums of a discrete law: equal ones differ by rounding
        extreme = np.zeros(5)
        good = self.total.astype(np.int64)
        bad = self.n_a + self.n_r - good
        rows = max(_CELLS // good.size, 1)
        for start in range(0, simulations, rows):
            size = (min(rows, simulations - start), good.size)
            s1, s2, s3 = self.statistics(
                self.standardise(rng.hypergeometric(good, bad, self.n_a, size).astype(np.float64))
            )
            sides = (s1 >= t1 - tie, s1 <= t1 + tie, s2 >= t2 - tie, s2 <= t2 + tie, s3 >= t3 - tie)
            extreme += [np.count_nonzero(side) for side in sides]
        return extreme

    def weight(self) -> FloatArray:
        """Return the information of one draw on the quantile, phi(zeta)^2 / (p (1 - p))."""
        zeta = special.ndtri(self.pooled)
        density = np.exp(-0.5 * zeta**2) / np.sqrt(2.0 * np.pi)
        return np.asarray(density**2 / (self.pooled * (1.0 - self.pooled)))

    def sigma_error(self, author: FloatArray, rerun: FloatArray) -> float:
        """Return e with author's quantiles = re-run's / (1 + e), by weighted least squares.

        The slope is taken on the pooled quantile, whose error is independent of the
        difference; on the re-run's own quantile the shared noise would bias e upwards.
        """
        difference = _quantile(rerun, self.n_r) - _quantile(author, self.n_a)
        pooled = _quantile(self.total, self.n_a + self.n_r)
        weight = self.weight()
        scale = float((weight * pooled**2).sum())
        if scale <= 0.0:
            return 0.0
        share = float((weight * pooled * difference).sum()) / scale
        # difference / pooled = e / (1 + e h) with h the re-run's share of the pooled quantile
        return share / (1.0 - share * self.n_r / (self.n_a + self.n_r))

    def drift(self, z: FloatArray) -> float:
        """Return the sd of the quantile shift that the excess of T2 over m amounts to."""
        effective = self.n_a * self.n_r / (self.n_a + self.n_r)
        excess = max(float((z * z).sum()) - z.size, 0.0)
        return float(np.sqrt(excess / (effective * self.weight().sum())))


def _quantile(hits: FloatArray, draws: int) -> FloatArray:
    return np.asarray(special.ndtri((hits + 0.5) / (draws + 1.0)))
