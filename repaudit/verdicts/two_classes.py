"""Votes among many classes as the two-class tests take them.

The variance tables know two classes: the label with K votes and one other with n - K. Where a
wrong class leads, what decides whether the example is certified, abstains or is certified wrong
are the votes of that class, not those missing for the label: 280 of 500 for one wrong class is a
borderline example, also when the label got only 10.
"""

import numpy as np

from repaudit.evidence.tables import CertificationRecords, Ints
from repaudit.statistics.variance import Population


def decisive_hits(records: CertificationRecords, population: Population | None = None) -> Ints:
    """Return label hits int[N] for tests that count wrong certificates or abstentions.

    n minus the leading class's votes where another class than the label leads, else the label's
    own. Over ``all`` and ``certified_correct`` only the label's votes matter, and they are
    returned; ``None`` stands for a share of abstentions or of wrong certificates.
    """
    if records.top_hits is None or records.top_class is None:
        return records.label_hits
    if population in ("all", "certified_correct"):
        return records.label_hits
    leads = records.top_class == records.label
    return np.where(leads, records.label_hits, records.draws - records.top_hits)


def contested_hits(records: CertificationRecords) -> Ints:
    """Return label hits int[N] for tests of the most frequent class of the n draws.

    The label's share against its strongest rival, scaled to n draws: where the label leads with
    no more than half, its rival is unknown and taken to be as strong as it can be.
    """
    if records.top_hits is None or records.top_class is None:
        return records.label_hits
    label, draws = records.label_hits, records.draws
    strongest = np.minimum(label, draws - label)
    rival = np.where(records.top_class == records.label, strongest, records.top_hits)
    is_plain = 2 * label > draws
    scaled = np.round(draws * label / np.maximum(label + rival, 1)).astype(np.int64)
    return np.where(is_plain, label, scaled)
