"""Which other pipeline the released counts would fit, when they do not fit the declared one."""

from collections.abc import Mapping

import numpy as np

from repaudit.evidence.join import align, take
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.records import RecordsResult, records_test
from repaudit.verdicts.sentences import number

ENOUGH = 24
"""Examples that tell pipelines apart; more would cost forwards and add little."""
FITS, FITS_NOT = 0.05, 0.01
"""p-values from which counts fit, and up to which they do not."""


def telling_examples(
    author: CertificationRecords, ours: CertificationRecords, seed: int
) -> frozenset[str]:
    """Return the ids of up to ``ENOUGH`` examples whose counts are not saturated in both runs."""
    left, right = align(author, ours)
    total = left.label_hits + right.label_hits
    informative = np.flatnonzero((total > 0) & (total < left.draws + right.draws))
    order = np.random.default_rng(seed).permutation(informative)
    return frozenset(left.example_id[order[:ENOUGH]].tolist())


def fit(author: CertificationRecords, ours: CertificationRecords, seed: int) -> RecordsResult:
    """Return the RECORDS test on the examples that both have, in the first run of each."""
    left, right = align(author, ours)
    return records_test(left.label_hits, left.draws[0], right.label_hits, right.draws[0], seed=seed)


def part_of(records: CertificationRecords, ids: frozenset[str]) -> CertificationRecords:
    """Return the first run of some examples: those that ``ids`` names."""
    first = (records.checkpoint == records.checkpoint[0]) & (records.repeat == 0)
    return take(records, np.flatnonzero(first & np.isin(records.example_id, sorted(ids))))


def explanation(
    author: CertificationRecords, runs: Mapping[str, CertificationRecords], seed: int
) -> str | None:
    """Return the sentence that names the run which the released counts fit best, if one fits."""
    fits = {words: fit(author, ours, seed).p_value for words, ours in runs.items()}
    best = max(fits, key=lambda words: fits[words], default=None)
    if best is None or fits[best] < FITS:
        return None
    return f"they fit a run with {best} (p = {number(fits[best])}, {len(author)} examples)"
