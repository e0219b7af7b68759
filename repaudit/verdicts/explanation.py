"""Which other pipeline the released counts would fit, when they do not fit the declared one."""

from collections.abc import Mapping

import numpy as np

from repaudit.contract.suspects import AS_DECLARED
from repaudit.evidence.join import align, take
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.records import RecordsResult, records_test
from repaudit.verdicts.sentences import p_words

ENOUGH = 20
"""Examples that tell pipelines apart; more would cost forwards and add little."""
FITS, FITS_NOT = 0.05, 0.01
"""p-value from which counts fit, and below which they do not."""


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
    """Return the RECORDS test on the examples that both have; they may differ in draws."""
    left, right = align(author, ours)
    draws = int(left.draws[0]), int(right.draws[0])
    return records_test(left.label_hits, draws[0], right.label_hits, draws[1], seed=seed)


def part_of(
    records: CertificationRecords, checkpoint: str, repeat: int, ids: frozenset[str] | None = None
) -> CertificationRecords:
    """Return one run of some examples: those that ``ids`` names, or all."""
    chosen = (records.checkpoint == checkpoint) & (records.repeat == repeat)
    if ids is not None:
        chosen &= np.isin(records.example_id, sorted(ids))
    return take(records, np.flatnonzero(chosen))


def is_of_another_run(result: RecordsResult) -> bool:
    """Whether it is the counts as a whole that differ: no copy, and no single forged record."""
    return min(result.p_direction, result.p_over) < FITS_NOT <= result.p_under


def explanation(
    author: CertificationRecords, runs: Mapping[str, CertificationRecords], seed: int
) -> str | None:
    """Return the sentence that names the runs which the released counts fit, best first.

    None when they fit none of ``runs``, or fit the declared run, ``AS_DECLARED``, at these few
    examples and draws too: then nothing here tells the runs apart. Several neighbours of one
    sigma may fit.
    """
    fits = {words: fit(author, ours, seed).p_value for words, ours in runs.items()}
    fitting = sorted((words for words in fits if fits[words] >= FITS), key=lambda w: -fits[w])
    if not fitting or AS_DECLARED in fitting:
        return None
    named = " or ".join(f"{words} ({p_words(fits[words])})" for words in fitting)
    others = f", not with {len(fits) - len(fitting)} others" if len(fits) > len(fitting) else ""
    return f"{len(author)} of them fit a run with {named}{others}"
