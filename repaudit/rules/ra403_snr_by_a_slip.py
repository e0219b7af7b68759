"""An impossible SNR is what a known slip gives.

Why
---
A factor of 10 for 20 in front of the logarithm, the RMS where the norm belongs (off by
10 log10 T, 42.04 dB at T = 16 000), sigma where the radius belongs, the ratio upside down: each
leaves its own number, so the slip can be named. The number is impossible with or without it.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "41.95"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Representation-aware smoothing, equation 6.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._snr_fault import faults


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every impossible SNR that a known slip explains, with the slip."""
    for fault in faults(case.results):
        if fault.slip is not None:
            message = (
                f"expected 20 log10(norm / radius) with norm {fault.norm:.6g}, "
                f"found {fault.row.snr.claim.value}, which fits {fault.slip}"
            )
            evidence = {**fault.evidence, "fits": fault.slip}
            yield Hit(fault.pointer, message, evidence, fault.severity)
