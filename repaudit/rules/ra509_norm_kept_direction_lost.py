"""The transform keeps the norm of the noise but not the noise.

Why
---
D_geom compares norms only. A shift, a change of sign or a permutation of the noise keeps its norm
and gives D_geom = 0, while T(x + eps) - x is another vector; ``vector_deviation`` sees it.
D_geom = 0 follows from T = identity, never the other way round.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "0.0004"},
       {"metric": "vector_deviation", "statistic": "mean", "value": "1.41"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "0.0004"},
       {"metric": "vector_deviation", "statistic": "mean", "value": "0.03"}]}}}

References
----------
The standard, section 3: vector deviation is 0 only if T leaves the pair alone.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._geometry import diagnoses, printed
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule

SMALL, LARGE = 1e-3, 0.1


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every small D_geom beside a large vector deviation."""
    for diagnosis in diagnoses(case.results):
        placed = diagnosis.d_geom
        if placed is None or printed(placed, interval_of)[1] >= SMALL:
            continue
        for claim in diagnosis.evaluation.claims:
            is_it = claim.metric == "vector_deviation" and claim.across == placed.claim.across
            if is_it and claim.value and printed(claim, interval_of)[0] > LARGE:
                message = (
                    f"expected a perturbation close to the noise, found D_geom "
                    f"{placed.claim.value} beside a {claim.statistic} vector deviation of "
                    f"{claim.value}"
                )
                evidence = {"vector_deviation": str(claim.value)}
                yield Hit(f"{placed.pointer}/value", message, {**evidence})
                break
