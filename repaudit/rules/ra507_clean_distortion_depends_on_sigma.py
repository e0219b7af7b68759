"""The clean distortion behind D_geom changes with sigma.

Why
---
For a T that does not stretch distances, (1 + D_geom) sigma is the clean distortion per sample up
to a few sigma, and that belongs to the clips alone. Two noise levels on the same clips have to
agree on it.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"sigma-0.0025": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]},
      "sigma-0.01": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.01, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "80.00"},
       {"metric": "clean_bias", "statistic": "mean", "value": "80.00"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]}},
     "evaluations": {"sigma-0.0025": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]},
      "sigma-0.01": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.01, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "66.05"},
       {"metric": "clean_bias", "statistic": "mean", "value": "66.05"}]}}}

References
----------
Representation-aware smoothing, equation 9.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._geometry import Diagnosis, diagnoses, printed
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import Key, content, data_key

STRETCH = {"clip": 3.0, "peak_to": 10.0}
"""Sigmas by which (1 + D) sigma leaves the distortion: 1 for the noise, 2 where ratios may be
below 1, and 7 for the largest draw in the peak of what arrives."""
SAMPLING = 2e-3
"""Relative deviation of a mean over clips of 1 / ||eps||, one draw of a few hundred samples."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each D_geom whose distortion agrees with no earlier noise level's."""
    seen: defaultdict[Key, list[Diagnosis]] = defaultdict(list)
    for diagnosis in diagnoses(case.results):
        policy = diagnosis.policy
        if diagnosis.d_geom is None or policy is None or policy.name not in STRETCH:
            continue
        if policy.name == "peak_to" and (
            diagnosis.level is None or policy.limit > diagnosis.level.rms
        ):
            continue
        known = seen[_key(case.results, diagnosis)]
        for other in known:
            severity = _severity(diagnosis, other)
            if severity is not None:
                yield _hit(diagnosis, other, severity)
                break
        known.append(diagnosis)


def _key(results: Results, diagnosis: Diagnosis) -> Key:
    contract, evaluation = diagnosis.contract, diagnosis.evaluation
    steps = content(contract.pipeline, results.pipelines[contract.pipeline])
    transform = content(evaluation.contract, contract.transform)
    return (data_key(results, evaluation.data), steps, contract.perturbation.location, transform)


def _distortion(diagnosis: Diagnosis, read: Read) -> tuple[float, float]:
    """Return the clean distortion per sample that D_geom leaves possible."""
    assert diagnosis.policy is not None
    least, most = printed(diagnosis.d_geom, read)
    sigma = float(diagnosis.evaluation.sigma)
    stretch = STRETCH[diagnosis.policy.name] * sigma
    return (
        (1 + least) * sigma * (1 - SAMPLING) - stretch,
        (1 + most) * sigma * (1 + SAMPLING) + sigma,
    )


def _severity(one: Diagnosis, two: Diagnosis) -> Severity | None:
    def agree(read: Read) -> bool:
        first, second = _distortion(one, read), _distortion(two, read)
        return first[0] <= second[1] and second[0] <= first[1]

    return severity_of(agree, Severity.ERROR)


def _hit(diagnosis: Diagnosis, other: Diagnosis, severity: Severity) -> Hit:
    assert diagnosis.d_geom is not None
    assert other.d_geom is not None
    message = (
        f"expected the clean distortion of sigma {other.evaluation.sigma} "
        f"(D_geom {other.d_geom.claim.value}), found D_geom {diagnosis.d_geom.claim.value} at "
        f"sigma {diagnosis.evaluation.sigma}"
    )
    return Hit(f"{diagnosis.d_geom.pointer}/value", message, {"other": other.name}, severity)
