"""A certified SNR is stronger than the budget can certify.

Why
---
No radius exceeds sigma Phi^-1(alpha^(1/n)), so no SNR of a clip of a known norm is smaller than
20 log10(norm / ceiling), and neither is a mean, a median or a minimum of them.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "mean", "population": "certified",
        "value": "82.50"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "mean", "population": "certified",
        "value": "83.98"}]}}}

References
----------
Representation-aware smoothing, equation 6; Cohen, Rosenfeld and Kolter 2019, section 3.2.2.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._snr_fault import faults


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every SNR below the floor of its budget that no known slip explains."""
    for fault in faults(case.results):
        if fault.kind == "floor" and fault.slip is None:
            message = (
                f"expected at least {fault.evidence['floor_db']:.4f} dB, the SNR of the largest "
                f"radius that the budget certifies, found {fault.row.snr.claim.value}"
            )
            yield Hit(fault.pointer, message, fault.evidence, fault.severity)
