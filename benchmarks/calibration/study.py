"""Run cells: how many of their reports the auditor calls wrong, and which verdicts the rest get."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.calibration.audits import AGAINST, audited, pair
from benchmarks.calibration.cells import Cell
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.statistics.binomial import clopper_pearson_two_sided

CONFIDENCE = 0.95
SEED = 20260
Outcome = dict[str, Any]


def outcome(cell: Cell, seed: int = SEED) -> Outcome:
    """Return what became of the reports of a cell.

    The reports of a cell depend on the seed and its key alone: they are the same in every order
    of the cells, and a longer run begins with those of a shorter one.
    """
    flagged, verdicts, against = 0, Counter[str](), Counter[str]()
    for number in range(cell.reports):
        rng = np.random.default_rng([seed, crc32(cell.key.encode()), number])
        found = _relevant(cell, audited_report(cell, rng))
        wrong = [one.label for one in found if one.verdict in AGAINST]
        flagged += bool(wrong)
        against.update(wrong)
        verdicts.update(one.verdict.value for one in found)
    low, high = interval(flagged, cell.reports)
    return {
        "key": cell.key,
        "part": cell.part,
        "population": cell.population,
        "author": cell.author,
        "study": asdict(cell.study),
        "reports": cell.reports,
        "flagged": flagged,
        "low": low,
        "high": high,
        "verdicts": {name.value: verdicts[name.value] for name in Verdict},
        "by": [label for label, _ in against.most_common(3)],
    }


def audited_report(cell: Cell, rng: np.random.Generator) -> list[Comparison]:
    """Return the verdicts on one report of a cell."""
    one = pair(cell.population, cell.study, cell.conduct, rng)
    return audited(one, releases_counts=cell.releases_counts)


def interval(flagged: int, reports: int) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a rate at ``CONFIDENCE``, to six digits.

    >>> interval(0, 1000)  # 1 - .025 ** (1 / 1000)
    (0.0, 0.003682)
    """
    low, high = clopper_pearson_two_sided(flagged, reports, CONFIDENCE)
    return round(float(low), 6), round(float(high), 6)


def pooled(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """Return the flagged reports and the reports of several cells."""
    rows = list(outcomes)
    return sum(row["flagged"] for row in rows), sum(row["reports"] for row in rows)


def _relevant(cell: Cell, found: list[Comparison]) -> list[Comparison]:
    """Where the lie is in released counts, only the verdict on the counts is of interest."""
    if cell.part == "tampers with counts":
        return [one for one in found if one.kind == "records"]
    return found
