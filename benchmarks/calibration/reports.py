"""Simulated reports: what an author's run gives when every hit probability is known.

An author certifies N examples by the declared protocol, or by another one that the table does
not mention (`Conduct`); the auditor runs what is declared, with independent noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from benchmarks.calibration.populations import Probabilities
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.certificate import z_lattice

SIGMA = 0.25
NORM = 16_000**0.5
"""Of every recording: one second at 16 kHz, brought to RMS 1."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Study:
    """What the table declares."""

    size: int
    """examples"""
    n0: int = 100
    n: int = 10_000
    alpha: float = 0.001
    classes: int = 2


@dataclass(frozen=True)
class Conduct:
    """What an author really did; the defaults are what the table says."""

    noise: float = 1.0
    """the noise, in multiples of the declared sigma"""
    scale: float = 1.0
    """the sigma that radii were computed with, in multiples of the declared one"""
    n: int | None = None
    """draws really made"""
    times: int = 1
    """counts are multiplied by this before they are used"""
    alpha: float | None = None
    reuses_n0: bool = False
    """the class is selected on the draws that certify it"""
    best_of: int = 1
    """runs of which the one with the highest positive-radius accuracy is reported"""
    hidden: float = 0.0
    """share of the examples that the declared pipeline gets the other way round"""
    drift: float = 0.0
    """sd of a random shift of every margin, as other hardware may cause"""
    copies: bool = False
    """the author's counts are those of the re-run itself"""
    forged: int = 0
    """examples whose counts were replaced by n of n"""
    points: float = 0.0
    """percentage points added to printed accuracies, as whole examples: a careless number that
    no count gives is refuted by arithmetic"""
    raises_all: bool = False
    """whether to every certified accuracy, or only to that at radius 0"""
    counts_abstentions: bool = False
    """abstentions count as certified correct"""


HONEST = Conduct()


@dataclass(frozen=True)
class Run:
    """A run of all examples, and the radii that its author reads from it."""

    records: CertificationRecords
    radius: NDArray[np.float64]
    """0 = abstains"""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the selected class is the true one."""
        return np.asarray(self.records.selected_class == self.records.label)


def honest_run(p: Probabilities, study: Study, rng: np.random.Generator) -> Run:
    """Return what the declared protocol gives."""
    return authors_run(p, study, HONEST, rng)


def authors_run(p: Probabilities, study: Study, conduct: Conduct, rng: np.random.Generator) -> Run:
    """Return what an author with this conduct gets from examples of these probabilities."""
    shifted = ndtri(p) / conduct.noise
    if conduct.drift:
        shifted = shifted + rng.normal(0.0, conduct.drift, p.size)
    runs = [_run(np.asarray(ndtr(shifted)), study, conduct, rng) for _ in range(conduct.best_of)]
    return max(runs, key=lambda run: int(np.sum(run.right & (run.radius > 0))))


def _run(p: Probabilities, study: Study, conduct: Conduct, rng: np.random.Generator) -> Run:
    n = conduct.n or study.n
    label = np.arange(p.size) % study.classes
    chances = _chances(p, label, study.classes, rng)
    first, votes = rng.multinomial(study.n0, chances), rng.multinomial(n, chances)
    forged = rng.permutation(p.size)[: conduct.forged]
    for counts, draws in ((first, study.n0), (votes, n)):
        counts[forged] = 0
        counts[forged, label[forged]] = draws
    votes *= conduct.times
    selected = (votes if conduct.reuses_n0 else first).argmax(axis=1)
    records = _records(label, selected, first, votes, n * conduct.times)
    lattice = z_lattice(n * conduct.times, conduct.alpha or study.alpha)
    return Run(records, SIGMA * conduct.scale * lattice[records.hits])


def _chances(
    p: Probabilities, label: Ints, classes: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the chance of every class, f64[examples, classes]; ``p`` that of the label."""
    others = (
        rng.dirichlet(np.full(classes - 1, 0.5), p.size) if classes > 2 else np.ones((p.size, 1))
    )
    chances = np.insert((1.0 - p)[:, None] * others, 0, p, axis=1)
    place = (np.arange(classes)[None, :] - label[:, None]) % classes
    return np.asarray(np.take_along_axis(chances, place, axis=1))


def _records(
    label: Ints, selected: Ints, first: Ints, votes: Ints, draws: int
) -> CertificationRecords:
    rows = np.arange(label.size)
    return CertificationRecords(
        example_id=np.array([f"clip{row:05d}" for row in rows]),
        label=label,
        selected_class=selected,
        hits=votes[rows, selected],
        label_hits=votes[rows, label],
        draws=np.full(label.size, draws),
        checkpoint=np.full(label.size, "net"),
        repeat=np.zeros(label.size, np.int64),
        selection_hits=first[rows, selected],
        top_class=votes.argmax(axis=1),
        top_hits=votes.max(axis=1),
        norm=np.full(label.size, NORM),
    )
