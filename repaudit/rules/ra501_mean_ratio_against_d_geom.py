"""A mean norm ratio and D_geom exclude each other.

Why
---
D_geom is the mean of |rho - 1| over clips and draws, so the mean of rho is within D of 1, and,
rho not being negative, no smaller than D - 1. A mean outside is of other draws, or no mean.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "transform": [{"step": "clip", "low": -1, "high": 1}], "scale": ["certified_radius"]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "norm_ratio", "statistic": "mean", "value": "271.65"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "transform": [{"step": "clip", "low": -1, "high": 1}], "scale": ["certified_radius"]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "norm_ratio", "statistic": "mean", "value": "265.28"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]}}}

References
----------
Representation-aware smoothing, equation 9; Jensen's inequality.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._geometry import Diagnosis, Evidence, at_most, diagnoses, mean_ratio, printed
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every mean norm ratio that no ratios with the printed D_geom have."""
    for diagnosis in diagnoses(case.results):
        if diagnosis.mean is not None and diagnosis.d_geom is not None:
            severity = _severity(diagnosis)
            if severity is not None:
                least, most = printed(diagnosis.d_geom, interval_of)
                low, high = max(1 - most, least - 1), 1 + most
                message = (
                    f"expected a mean norm ratio from {low:.6g} to {high:.6g} beside D_geom "
                    f"{diagnosis.d_geom.claim.value}, found {diagnosis.mean.claim.value}"
                )
                evidence: Evidence = {"low": low, "high": high, "d_geom": diagnosis.d_geom.pointer}
                yield Hit(f"{diagnosis.mean.pointer}/value", message, evidence, severity)


def _severity(diagnosis: Diagnosis) -> Severity | None:
    def agree(read: Read) -> bool:
        return at_most(*mean_ratio(diagnosis, read))

    return severity_of(agree, Severity.ERROR)
