"""The released counts contradict themselves.

Why
---
Votes are counted: no class has more of them than there are draws, two classes together have no
more, and the most frequent class has at least as many as any other. Numbers that break this were
written by hand or by another program than the one that counted.

Bad
---
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,10946,10946,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,10000,10000,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, algorithm SAMPLEUNDERNOISE: every draw is one vote.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.evidence.fault import Contradiction
from repaudit.rules._released import evidence_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, structural=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield every evaluation whose released counts no counting gives."""
    for name, fault in case.unusable.items():
        if isinstance(fault, Contradiction):
            yield Hit(evidence_of(name), str(fault))
