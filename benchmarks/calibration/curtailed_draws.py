"""Examples whose draws stop early, simulated: failures between looks are binomial."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.populations import Probabilities
from repaudit.statistics.curtailment import Curtailment, curtailment
from repaudit.statistics.predictive import Protocol

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Outcomes:
    """What a re-run says about every example of a population."""

    reaches: Bools
    """label selected and votes enough, from all n0 + n draws"""
    taken: Bools
    """the same, as the curtailed draws have it"""
    draws: Ints
    """forwards until then, the n0 among them where they were needed"""
    label_hits: Ints
    """votes for the label among n"""


def selects_label(p: Probabilities, n0: int, rng: np.random.Generator) -> Bools:
    """Return whether n0 draws select the label: two classes, ties broken evenly."""
    votes = rng.binomial(n0, p)
    return np.asarray((2 * votes > n0) | ((2 * votes == n0) & (rng.random(p.size) < 0.5)))


def draw_outcomes(
    p: Probabilities, protocol: Protocol, needed: int, rng: np.random.Generator
) -> Outcomes:
    """Simulate the curtailed draws of all examples, and those that they save."""
    rule = curtailment(protocol.n0, protocol.n, needed)
    steps = np.diff(np.array([0, *rule.looks]))
    failures = np.cumsum(rng.binomial(steps, (1.0 - p)[:, None]), axis=1)
    hits = protocol.n - failures[:, -1]
    reaches = selects_label(p, protocol.n0, rng) & (hits >= needed)
    look, is_open, accepted = _stop(rule, failures)
    draws = np.array(rule.looks)[look] + np.where(is_open, protocol.n0, 0)
    return Outcomes(reaches, np.where(is_open, reaches, accepted), draws, hits)


def _stop(rule: Curtailment, failures: Ints) -> tuple[Ints, Bools, Bools]:
    """Return the look at which each example stops, whether it is open then, and accepted."""
    accept, reject = failures <= np.array(rule.accept), failures >= np.array(rule.reject)
    decided = accept | reject
    is_open = np.asarray(~decided.any(axis=1))
    look = np.where(is_open, len(rule.looks) - 1, decided.argmax(axis=1)).astype(np.int64)
    return look, is_open, accept[np.arange(look.size), look]
