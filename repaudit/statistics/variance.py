"""How far two honest runs of one certification differ: the variance of author minus re-run.

Given the unknown hit probabilities the two runs are independent and identically distributed,
so their difference has mean 0 and variance 2 sum Var(h_i | p_i), h_i the contribution of an
example. Var(h_i | p) is averaged over the posterior of p_i and multiplied by ``kappa``: with
kappa = 1 the average is right when the p_i are spread smoothly, and it falls to .5354 of the
truth when every example sits exactly on a threshold; kappa = 1.8676 restores the guarantee
there, 2 is the default.

Units
    Counts: the variance of a difference of counts. Means: squared units of the mean.
    Shapes: ``label_hits`` int[examples], hits of the true label among the n draws of the re-run.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from repaudit.statistics.predictive import (
    GRID_P,
    FloatArray,
    Posterior,
    Protocol,
    lattice_moments,
    selection,
    tail_on_grid,
)

Population = Literal["all", "certified", "certified_correct"]
KAPPA = 2.0


class ThresholdVariance:
    """Variance of a weighted count of the examples whose certificate reaches a threshold.

    Over ``all`` (wrong and abstaining never reach): the number that reach it. Over the other
    populations, whose size is random: ``level`` for each member that reaches it and
    ``level - 1`` for each that does not, the sum that decides a quantile claim.
    """

    def __init__(
        self,
        label_hits: ArrayLike,
        protocol: Protocol,
        population: Population = "all",
        *,
        level: float = 0.5,
        kappa: float = KAPPA,
    ) -> None:
        """Prepare the posteriors once; thresholds are asked one by one."""
        self.protocol, self.population = protocol, population
        self._level, self._kappa = level, kappa
        self._posterior = Posterior(label_hits, protocol.n)
        self._select = selection(protocol.n0)
        k_min = tail_on_grid(protocol.k_min, protocol.n)
        self._member = self._share(self._select, np.stack([k_min, k_min[::-1]]))
        self._known: dict[int, float] = {}

    def at(self, threshold_hits: ArrayLike) -> float:
        """Return the variance for one threshold, or one per example, in k_min..n + 1."""
        thresholds = np.asarray(threshold_hits, np.int64)
        if thresholds.min() == thresholds.max():
            return self._at_scalar(int(thresholds.min()))
        each = self._posterior.mean_by_threshold(
            thresholds, self._variance_given_p, both_classes=self.population == "certified"
        )
        return 2.0 * self._kappa * float(each.sum())

    def _at_scalar(self, threshold: int) -> float:
        if threshold not in self._known:
            tail = tail_on_grid(threshold, self.protocol.n)
            every = np.arange(tail.size)
            on_grid = self._variance_given_p(every, np.stack([tail, tail[::-1]]))
            each = self._posterior.mean(on_grid)
            self._known[threshold] = 2.0 * self._kappa * float(each.sum())
        return self._known[threshold]

    def _share(self, select: FloatArray, tail: FloatArray) -> FloatArray:
        """P(a member of the population reaches the tail), for the label or the other class."""
        right = select * tail[0]
        if self.population == "certified":
            right = right + (1.0 - select) * tail[1]
        return np.asarray(right)

    def _variance_given_p(self, index: NDArray[np.int64], tail: FloatArray) -> FloatArray:
        reach = self._share(self._select[index], tail)
        if self.population == "all":
            return np.asarray(reach * (1.0 - reach))
        member, below = self._member[index], 1.0 - self._level
        mean = reach - below * member
        square = self._level**2 * reach + below**2 * (member - reach)
        return np.asarray(np.maximum(square - mean * mean, 0.0))


def variance_of_count(
    label_hits: ArrayLike, threshold_hits: ArrayLike, protocol: Protocol, kappa: float = KAPPA
) -> float:
    """Return the variance for the number certified correct at a radius or an SNR.

    ``threshold_hits`` is the smallest sufficient count, one for all examples or one for each
    (`hits_for_z` gives it).

    >>> variance_of_count([500] * 9, 501, Protocol(50, 500, 0.001))  # no count reaches 501
    0.0
    """
    return ThresholdVariance(label_hits, protocol, kappa=kappa).at(threshold_hits)


def variance_of_abstentions(
    label_hits: ArrayLike, protocol: Protocol, kappa: float = KAPPA
) -> float:
    """Return the variance for the number of abstentions."""
    select, certified = selection(protocol.n0), tail_on_grid(protocol.k_min, protocol.n)
    chance = select * (1.0 - certified) + (1.0 - select) * (1.0 - certified[::-1])
    return _bernoulli(label_hits, chance, protocol, kappa)


def variance_of_certified_wrong(
    label_hits: ArrayLike, protocol: Protocol, kappa: float = KAPPA
) -> float:
    """Return the variance for the number certified for another class than the label."""
    certified = tail_on_grid(protocol.k_min, protocol.n)
    return _bernoulli(label_hits, (1.0 - selection(protocol.n0)) * certified[::-1], protocol, kappa)


def variance_of_smoothed_correct(
    label_hits: ArrayLike, protocol: Protocol, kappa: float = KAPPA
) -> float:
    """Return the variance for the number whose label wins more than half of the n draws."""
    majority = tail_on_grid(protocol.n // 2 + 1, protocol.n)
    return _bernoulli(label_hits, majority, protocol, kappa)


def variance_of_noisy_correct(
    label_hits: ArrayLike, protocol: Protocol, kappa: float = KAPPA
) -> float:
    """Return the variance for the number of examples right on one noisy copy each."""
    return _bernoulli(label_hits, GRID_P, protocol, kappa)


def variance_of_mean_radius(
    label_hits: ArrayLike,
    protocol: Protocol,
    population: Population = "all",
    kappa: float = KAPPA,
) -> float:
    """Return the variance for a mean certified radius, in units of sigma squared.

    Over ``all`` an abstaining or wrong example counts as radius 0. For a fixed subset of the
    examples (such as those the base classifier gets right) pass its hits and ``all``.
    """
    offsets = np.zeros(np.size(label_hits))
    return _variance_of_mean(label_hits, offsets, protocol, population, kappa, in_decibel=False)


def variance_of_mean_snr(
    label_hits: ArrayLike,
    norms_over_sigma: ArrayLike,
    protocol: Protocol,
    population: Literal["certified", "certified_correct"] = "certified",
    kappa: float = KAPPA,
) -> float:
    """Return the variance for a mean certified SNR over certified examples, in dB squared.

    ``norms_over_sigma`` f64[examples], positive: ||r|| / sigma of each example.
    """
    norms = np.asarray(norms_over_sigma, np.float64)
    if not np.all(norms > 0.0):
        raise ValueError("norms_over_sigma: expected positive numbers")
    offsets = 20.0 * np.log10(norms)
    return _variance_of_mean(label_hits, offsets, protocol, population, kappa, in_decibel=True)


def _bernoulli(
    label_hits: ArrayLike, chance: FloatArray, protocol: Protocol, kappa: float
) -> float:
    each = Posterior(label_hits, protocol.n).mean(chance * (1.0 - chance))
    return 2.0 * kappa * float(each.sum())


def _variance_of_mean(
    label_hits: ArrayLike,
    offsets: FloatArray,
    protocol: Protocol,
    population: Population,
    kappa: float,
    *,
    in_decibel: bool,
) -> float:
    """Variance of a mean of offset_i + f(K_i) over the members of a population.

    Over a population of random size the mean is a ratio; each example moves it by
    (value - mean) / size (delta method), with mean and size at their posterior expectation.
    """
    posterior = Posterior(label_hits, protocol.n)
    moments = (tail_on_grid(protocol.k_min, protocol.n), *lattice_moments(protocol, in_decibel))
    select = selection(protocol.n0)
    p0, p1, p2 = (select * moment for moment in moments)
    if population == "certified":
        p0, p1, p2 = (
            right + (1.0 - select) * moment[::-1]
            for right, moment in zip((p0, p1, p2), moments, strict=True)
        )
    if population == "all":
        return 2.0 * kappa * float(posterior.mean(p2 - p1 * p1).sum()) / offsets.size**2
    members, sums = posterior.mean(p0), posterior.mean(p1)
    size = float(members.sum())
    if size <= 0.0:
        raise ValueError(f"population: no example can be certified with {protocol}")
    centred = offsets - float((offsets * members + sums).sum()) / size
    each = posterior.mean(p2 - p1 * p1) + 2.0 * centred * posterior.mean(p1 - p1 * p0)
    each += centred**2 * posterior.mean(p0 - p0 * p0)
    return 2.0 * kappa * float(np.maximum(each, 0.0).sum()) / size**2
