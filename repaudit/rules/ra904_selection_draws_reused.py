"""The draws that selected the class were used to certify it.

Why
---
The bound holds for a class that was fixed before the n draws. Selecting the winner of the same
draws doubles the error of near ties and certifies examples that n0 separate draws would have got
wrong. It is declared, or shows as the ceiling of n + n0 draws, or in released counts: with few
separate draws the selected class often loses a close vote, with the same ones it never does.

Bad
---
    {"sampling": {"monte-carlo": {"selection": "reused"}}}

Good
----
    {"sampling": {"monte-carlo": {"selection": "independent"}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2: two calls of SAMPLEUNDERNOISE.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from repaudit._core import special
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.evidence.tables import CertificationRecords, Ints
from repaudit.rules._radius_words import hits_of
from repaudit.rules._released import certifications, evidence_of
from repaudit.rules._rule import Case, Hit, rule

CLOSE = (0.42, 0.58)
"""Shares of the winner between which a vote of n0 draws often goes the other way."""
CHANCE = 1e-6


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047", "RA107"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every budget that says so, every ceiling and all counts that show it."""
    for name, sampling in case.results.sampling.items():
        if sampling.selection == "reused":
            where = pointer_of(["sampling", name, "selection"])
            message = "expected the class selected on other draws, found the same ones"
            yield Hit(where, message, {}, Severity.WARNING)
    yield from hits_of(case, "RA904")
    for name, evaluation, records in certifications(case):
        budget = case.results.sampling[evaluation.sampling]
        if isinstance(budget.n0, int) and budget.n0 > 0 and budget.selection == "independent":
            yield from _never_lost(case, name, budget.n0, records)


def _never_lost(case: Case, name: str, n0: int, records: CertificationRecords) -> Iterator[Hit]:
    if records.top_class is None or records.top_hits is None:
        return
    second = _second(records, case.results.data[case.results.evaluations[name].data].classes)
    share = records.top_hits / records.draws
    close = (share > CLOSE[0]) & (share < CLOSE[1])
    expected = float(_upsets(records.top_hits, second, records.draws, n0)[close].sum())
    lost = int((close & (records.selected_class != records.top_class)).sum())
    chance = float(special.pdtr(lost, expected)) if expected > 0.0 else 1.0
    if chance < CHANCE:
        message = f"expected the selected class to lose about {expected:.0f} close votes"
        evidence = {"expected": round(expected, 1), "chance": float(f"{chance:.2g}")}
        yield Hit(evidence_of(name), f"{message}, found {lost}", dict(evidence))


def _second(records: CertificationRecords, classes: object) -> Ints:
    """Return the most votes that a class other than the winner is known to have."""
    assert records.top_hits is not None
    chosen = np.where(records.selected_class != records.top_class, records.hits, 0)
    named = np.where(records.label != records.top_class, records.label_hits, 0)
    void = records.void if records.void is not None else 0
    rest = records.draws - records.top_hits - void if classes == 2 else np.zeros_like(chosen)
    return np.maximum(np.maximum(chosen, named), rest)


def _upsets(top: Ints, second: Ints, draws: Ints, n0: int) -> NDArray[np.float64]:
    """Return the least chance that n0 draws prefer the second class, with the shares observed.

    Among n0 draws the two classes differ by a sum of steps of mean (p - q) and variance
    p + q - (p - q)^2; a continuity correction of 1 makes the normal law a lower bound at n0 >= 20.
    Other classes can only upset the winner more often.
    """
    p, q = top / draws, second / draws
    spread = np.sqrt(n0 * np.maximum(p + q - (p - q) ** 2, 1e-300))
    upset = special.ndtr(-(n0 * (p - q) + 1.0) / spread)
    return np.where(second > 0, upset, 0.0)
