"""A median SNR is not that of the median radius beside it.

Why
---
Under RMS gain every clip has the norm t sqrt(T), so SNR = 20 log10(norm / R) turns the order of
the radii around and the median SNR belongs to the middle radii: to the median radius itself, or,
when two neighbours are averaged, to their geometric mean, which is no larger (AM >= GM) and no
smaller than the ceiling allows. A clip without energy has no SNR and ranks last.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "84.30"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "84.52"}]}}}

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
    """Yield every median SNR that its radius does not give, when no known slip explains it."""
    for fault in faults(case.results):
        if fault.kind == "identity" and fault.slip is None:
            expected = fault.evidence["snr_of_the_radius_db"]
            message = (
                f"expected the SNR of the median radius {fault.evidence['radius']}, "
                f"{expected:.4f} dB, found {fault.row.snr.claim.value}"
            )
            yield Hit(fault.pointer, message, fault.evidence, fault.severity)
