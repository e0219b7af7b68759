"""The released counts are out of another number of draws than the file declares.

Why
---
The radius follows from the votes and the number of draws. Counts out of another number belong to
another run than the one whose budget is declared, or the budget is not what was run. Every draw
is a vote or void, and of n0 votes over K classes the selected one has at least a Kth.

Bad
---
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,973,973,1000", "no-1,1,1,946,946,1000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,9462,9462,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, algorithm CERTIFY: n0 draws select, n draws certify.
"""

from collections.abc import Iterator

import numpy as np

from repaudit.audit.finding import Certainty, Severity
from repaudit.evidence.tables import CertificationRecords
from repaudit.rules._released import certifications, evidence_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047", "RA113"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every certification whose counts are not out of the declared draws."""
    for name, evaluation, records in certifications(case):
        budget = case.results.sampling[evaluation.sampling]
        draws = int(records.draws[0])
        if isinstance(budget.n, int) and draws != budget.n:
            yield Hit(evidence_of(name), f"expected counts out of {budget.n}, found {draws} draws")
        chosen = records.selection_hits
        if isinstance(budget.n0, int) and chosen is not None and np.any(chosen > budget.n0):
            most = int(np.max(chosen))
            yield Hit(evidence_of(name), f"expected at most {budget.n0} votes, found {most}")
        if isinstance(budget.n, int) and isinstance(budget.n0, int) and records.void is not None:
            classes = case.results.data[evaluation.data].classes
            known = classes if isinstance(classes, int) else None
            for message in _impossible(records, budget.n0, budget.n, known):
                yield Hit(evidence_of(name), message)


def _impossible(
    records: CertificationRecords, n0: int, n: int, classes: int | None
) -> Iterator[str]:
    """Yield what no n0 + n draws give, where void outputs are counted."""
    assert records.void is not None
    both = int(np.max(records.hits + records.void))
    if both > n0 + n:
        yield f"expected at most {n0 + n} votes and void outputs of one example, found {both}"
    if classes is not None and records.selection_hits is not None:
        short = classes * records.selection_hits - (n0 - records.void)
        if np.any(short < 0):
            row = int(np.argmin(short))
            least = -(-(n0 - int(records.void[row])) // classes)
            found = int(records.selection_hits[row])
            yield f"expected at least {least} of {n0} votes for the selected class, found {found}"
