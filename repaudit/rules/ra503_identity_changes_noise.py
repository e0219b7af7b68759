"""D_geom of the identity is larger than float rounding.

Why
---
With T = identity, T(x + eps) - x is eps but for the rounding of the addition: 7e-8 in float32 at
an RMS 400 times sigma. A larger D_geom means that something after the noise is not declared, or
that the noise was added in a narrower arithmetic, which rounds it away.

Bad
---
    {"evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "waveform", "sigma": 0.0025, "draws": 1, "claims": [
       {"metric": "d_geom", "value": "3.38e-5"}]}}}

Good
----
    {"evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "waveform", "sigma": 0.0025, "draws": 1, "claims": [
       {"metric": "d_geom", "value": "6.49e-8"}]}}}

References
----------
Representation-aware smoothing, table 3: 6.49e-8 and 3.28e-8; IEEE 754.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._geometry import Diagnosis, diagnoses, printed
from repaudit.rules._near_miss import explanation
from repaudit.rules._rule import Case, Hit, rule

FLOAT32 = 2e-6
"""Measured 6.5e-8 to 8.2e-8 at RMS / sigma = 400; grows with that ratio."""
AT = 400.0


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every identity that changes the norm of the noise."""
    for diagnosis in diagnoses(case.results):
        severity = _severity(diagnosis)
        if severity is None or diagnosis.d_geom is None:
            continue
        found = explanation(diagnosis)
        message = (
            f"expected D_geom of at most {_limit(diagnosis):.2g}, the rounding of float32, "
            f"with T = identity, found {diagnosis.d_geom.claim.value}"
        )
        if found is not None:
            message += f", which fits {found}"
        yield Hit(f"{diagnosis.d_geom.pointer}/value", message, {"fits": found}, severity)


def _limit(diagnosis: Diagnosis) -> float:
    relative = diagnosis.relative_sigma
    assert relative is not None
    return FLOAT32 * max(1.0, 1 / (AT * relative))


def _severity(diagnosis: Diagnosis) -> Severity | None:
    is_identity = diagnosis.policy is not None and diagnosis.policy.name == "identity"
    if not is_identity or diagnosis.relative_sigma is None:
        return None
    dtype = diagnosis.contract.perturbation.dtype
    if dtype in ("bfloat16", "float16"):
        return None

    def is_rounding(read: Read) -> bool:
        return max(printed(diagnosis.d_geom, read)[0], 0.0) <= _limit(diagnosis)

    severity = severity_of(is_rounding, Severity.ERROR)
    # What is not said may be the narrower arithmetic that explains it.
    return Severity.WARNING if severity is not None and dtype == "unstated" else severity
