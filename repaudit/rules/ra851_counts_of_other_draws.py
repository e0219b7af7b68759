"""The released counts are out of another number of draws than the file declares.

Why
---
The radius follows from the votes and the number of draws. Counts out of another number belong to
another run than the one whose budget is declared, or the budget is not what was run.

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
