"""D_geom mostly measures what the transform does to the clean clip.

Why
---
A transform that moves every clip has ||T(x + eps) - x|| far above ||eps|| without any effect on
the noise. For a T that does not stretch distances, all of a ratio but 1 is the clean distortion
||T(x) - x|| / ||eps||. It is no change of the perturbation, it grows as 1 / sigma, and a reader
needs it (``clean_bias``) beside D_geom.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]}}}

References
----------
Representation-aware smoothing, table 3; the standard, decomposition of Delta.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._geometry import diagnoses, mean_ratio, printed
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule

FAR = 2.0
"""D_geom above which the ratios cannot be below 1."""

SHRINKS = ("clip", "peak_to")
"""Policies that do not stretch distances between audible clips."""


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every large D_geom of a 1-Lipschitz transform without the clean bias beside it."""
    for diagnosis in diagnoses(case.results):
        placed, policy = diagnosis.d_geom, diagnosis.policy
        reported = {claim.metric for claim in diagnosis.evaluation.claims}
        if placed is None or policy is None or policy.name not in SHRINKS:
            continue
        if printed(placed, interval_of)[0] <= FAR or "clean_bias" in reported:
            continue
        least = mean_ratio(diagnosis, interval_of)[0]
        share = (least - 1) / least
        message = (
            f"expected the clean bias beside D_geom {placed.claim.value}, found none: at least "
            f"{100 * share:.1f} % of the ratio is T(x) - x, without any noise"
        )
        yield Hit(f"{placed.pointer}/value", message, {"least_share": share})
