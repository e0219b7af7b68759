"""Records that stand for a run nobody has made yet: those of an assumed population."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.join import take
from repaudit.evidence.tables import CertificationRecords, Ints
from repaudit.statistics.populations import quantiles_of
from repaudit.statistics.predictive import Protocol

ROWS = 10_000
"""Quantiles that stand for a population: several within the width of any threshold up to
n = 10^5."""


BLOCKS = 16
"""Most runs of a small evaluation that are looked at."""
PAIRS = 4
"""Simulated pairs of honest runs, from which it is seen how much they differ."""


@lru_cache(maxsize=8)
def assumed_records(name: str, protocol: Protocol) -> CertificationRecords:
    """Return counts of a population as they are expected, one row per quantile."""
    p, rng = quantiles_of(name, ROWS), np.random.default_rng(0)
    hits = np.round(protocol.n * p).astype(np.int64)
    return _records(hits, p >= 0.5, rng.random(ROWS) < p, protocol.n)


@lru_cache(maxsize=8)
def assumed_blocks(name: str, protocol: Protocol, size: int) -> tuple[CertificationRecords, ...]:
    """Return random parts of the rows, each a run of so many examples; () for a large run.

    Large runs of one population hardly differ in what a test takes for their variance.
    """
    many = min(ROWS // size, BLOCKS)
    if many < BLOCKS // 3:
        return ()
    rows = np.random.default_rng(0).permutation(ROWS)
    records = assumed_records(name, protocol)
    return tuple(take(records, rows[i * size : (i + 1) * size]) for i in range(many))


@lru_cache(maxsize=8)
def assumed_runs(name: str, protocol: Protocol) -> tuple[CertificationRecords, ...]:
    """Return simulated honest runs of the same rows, two for each of ``PAIRS``; always the same."""
    p, rng = quantiles_of(name, ROWS), np.random.default_rng(0)
    runs = []
    for _ in range(2 * PAIRS):
        first = rng.binomial(protocol.n0, p) + 0.5 * (rng.random(ROWS) < 0.5)
        is_right = first > protocol.n0 / 2.0
        hits = rng.binomial(protocol.n, p)
        runs.append(_records(hits, is_right, rng.random(ROWS) < p, protocol.n))
    return tuple(runs)


def _records(
    label_hits: Ints, is_right: NDArray[np.bool_], noisy_right: NDArray[np.bool_], n: int
) -> CertificationRecords:
    """Return records of two classes, class 0 being the label.

    What only the recordings tell is left out, but for the norm: every example has norm 1, so that
    an SNR is known up to a constant.
    """
    return CertificationRecords(
        example_id=np.arange(ROWS).astype(np.str_),
        label=np.zeros(ROWS, np.int64),
        selected_class=np.where(is_right, 0, 1),
        hits=np.where(is_right, label_hits, n - label_hits),
        label_hits=label_hits,
        draws=np.full(ROWS, n),
        checkpoint=np.full(ROWS, ""),
        repeat=np.zeros(ROWS, np.int64),
        top_class=np.where(2 * label_hits > n, 0, 1),
        top_hits=np.maximum(label_hits, n - label_hits),
        norm=np.ones(ROWS),
        noisy_class=np.where(noisy_right, 0, 1),
    )
