"""Whether two certifications say the same: classes, abstentions, and counts within their noise."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact

from repaudit.contract.task import CertificationTask
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.certificate import certified_z

LEVEL = 0.01
"""chance that counts of one distribution are called different, in one comparison of all examples"""


def engine_verdicts(records: CertificationRecords, task: CertificationTask) -> list[int]:
    """Return the certified class of every example, or -1 for an abstention."""
    z = certified_z(records.hits, task.n, task.alpha)
    return [
        int(selected) if level > 0 else -1
        for selected, level in zip(records.selected_class, z, strict=True)
    ]


def agreement(
    records: CertificationRecords,
    task: CertificationTask,
    classes: Sequence[int],
    votes: Sequence[NDArray[np.int64]],
) -> dict[str, Any]:
    """Return how a peer's certification compares with the engine's.

    Counts of the engine's class are compared by Fisher's exact test, example by example, and the
    smallest p-value is multiplied by the number of examples (Bonferroni).
    """
    ours = engine_verdicts(records, task)
    p_values = [
        fisher_exact([[hits, task.n - hits], [counts[chosen], task.n - counts[chosen]]]).pvalue
        for hits, chosen, counts in zip(
            records.hits.tolist(), records.selected_class.tolist(), votes, strict=True
        )
    ]
    smallest = min(1.0, float(min(p_values)) * len(p_values))
    return {
        "examples": len(ours),
        "ours": ours,
        "theirs": list(classes),
        "same verdicts": ours == list(classes),
        "smallest p": round(smallest, 5),
        "counts agree": smallest >= LEVEL,
    }
