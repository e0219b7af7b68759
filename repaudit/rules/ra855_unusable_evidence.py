"""Released counts are declared that are not there, or that cannot be read.

Why
---
A results file that names its counts promises that its numbers can be recomputed. Without the file
nobody can; a file that is the declared one, by its hash, and is no table of counts never could.
What rests on it is not checked, which a reader must not have to look for.

Bad
---
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,label_hits,draws",
       "yes-1,0,0,9731,10000", "no-1,1,1,9946,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,9946,9946,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
The standard, section 6: L2, recomputed from released evidence.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.evidence.fault import Contradiction, EvidenceFault
from repaudit.rules._released import evidence_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, structural=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield every evaluation whose counts cannot be read, and as a warning those without any."""
    for name, fault in case.unusable.items():
        if isinstance(fault, Contradiction):
            continue  # it can be read, and RA854 says what is wrong
        severity = Severity.ERROR if isinstance(fault, EvidenceFault) else Severity.WARNING
        yield Hit(evidence_of(name), f"released counts that cannot be used: {fault}", {}, severity)
