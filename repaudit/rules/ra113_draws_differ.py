"""The number of draws differs between the examples.

Why
---
The bound holds for a number of draws fixed in advance. Drawing until the certificate is good
enough makes n depend on the votes, and then the bound fails more often than alpha says; that
takes a confidence sequence, or alpha split over the looks.

Bad
---
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,4731,4731,5000", "no-1,1,1,9462,9462,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,9462,9462,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting.
"""

from collections.abc import Iterator

import numpy as np

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._released import certifications, evidence_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every certification whose released rows have several numbers of draws."""
    for name, _, records in certifications(case):
        draws = np.unique(records.draws).tolist()
        if len(draws) > 1:
            message = f"expected one number of draws, found {draws[0]} to {draws[-1]}"
            yield Hit(evidence_of(name), message, {"numbers": len(draws)})
