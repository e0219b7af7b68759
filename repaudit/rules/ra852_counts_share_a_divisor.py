"""Every released count is a multiple of one number.

Why
---
Votes of independent draws have no common divisor. When all of many different counts share one,
fewer draws were made and the counts multiplied, and every radius is larger than those draws
certify.

Bad
---
    {"data": {"test-set": {"examples": 5}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9700,9700,10000", "no-1,1,1,9400,9400,10000",
       "up-1,2,2,8800,8800,10000", "yes-2,0,0,7200,7200,10000",
       "no-2,1,1,9900,9900,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 5}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9700,9700,10000", "no-1,1,1,9400,9400,10000",
       "up-1,2,2,8800,8800,10000", "yes-2,0,0,7201,7201,10000",
       "no-2,1,1,9900,9900,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
Brown and Heathers 2017, the GRIM test: granularity gives the sample size away.
"""

from collections.abc import Iterator

import numpy as np

from repaudit.audit.finding import Certainty, Severity
from repaudit.evidence.tables import CertificationRecords
from repaudit.rules._released import certifications, evidence_of
from repaudit.rules._rule import Case, Hit, rule

CHANCE = 1e-9
"""Largest chance of a common divisor that is called one."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every certification whose counts share a divisor that chance does not give."""
    for name, _, records in certifications(case):
        counts = _informative(records)
        divisor = int(np.gcd.reduce(np.append(counts, records.draws))) if counts.size else 1
        # equal counts are often those of one example in several runs: they count once
        chance = float(divisor) ** -counts.size
        if divisor > 1 and chance < CHANCE:
            made = int(records.draws[0]) // divisor
            message = f"expected counts of {records.draws[0]} draws, found multiples of {divisor}"
            evidence = {"divisor": divisor, "counts": int(counts.size), "draws_at_most": made}
            yield Hit(evidence_of(name), message, dict(evidence))


def _informative(records: CertificationRecords) -> np.ndarray:
    """Return the distinct counts that are neither none nor all of the draws."""
    counted = (records.hits > 0) & (records.hits < records.draws)
    return np.unique(records.hits[counted])
