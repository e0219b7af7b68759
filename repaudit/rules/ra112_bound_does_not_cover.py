"""The declared bound does not hold with the declared probability, or there is none.

Why
---
A certificate needs a lower bound that errs with probability at most alpha for every network. The
share of votes itself is no bound, and the Wilson and Jeffreys intervals keep their level only on
average, least so near a unanimous vote, where the largest radii are.

Bad
---
    {"study": {"kind": "transcription"}, "sampling": {"monte-carlo": {"bound": "none"}}}

Good
----
    {"study": {"kind": "transcription"},
     "sampling": {"monte-carlo": {"bound": "clopper_pearson_two_sided"}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "value": ".0065"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "value": "85.8"}]}}}

References
----------
Brown, Cai and DasGupta 2001, Interval estimation for a binomial proportion: coverage near 1.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule

WHY = {
    "none": "no bound at all",
    "wilson": "the Wilson bound, which covers on average only",
    "jeffreys": "the Jeffreys bound, which covers on average only",
}


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every budget whose bound may fail more often than with probability alpha."""
    for name, sampling in case.results.sampling.items():
        if sampling.bound in WHY:
            message = f"expected a bound that holds for every network, found {WHY[sampling.bound]}"
            yield Hit(pointer_of(["sampling", name, "bound"]), message)
