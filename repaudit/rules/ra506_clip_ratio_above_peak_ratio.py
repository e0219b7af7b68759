"""Clipping changes the norm more than a gain to the peak does.

Why
---
Of a clip with peak P above the limit, clipping removes at each sample no more than the share
1 - 1 / P that a gain to that limit removes from all of them. So the mean ratio of clipping is at
most that of the gain plus 2, the noise once in each, on the same clips.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]},
      "peak": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [
        {"step": "normalize", "measure": "peak", "target": 1.0, "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}},
     "evaluations": {"clip-geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]},
      "peak-geometry": {"kind": "geometry", "data": "test-set",
       "contract": "peak", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "230.64"},
       {"metric": "clean_bias", "statistic": "mean", "value": "230.64"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [{"step": "clip", "low": -1, "high": 1}]},
      "peak": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [
        {"step": "normalize", "measure": "peak", "target": 1.0, "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}},
     "evaluations": {"clip-geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.27"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.27"}]},
      "peak-geometry": {"kind": "geometry", "data": "test-set",
       "contract": "peak", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "264.10"},
       {"metric": "clean_bias", "statistic": "mean", "value": "264.10"}]}}}

References
----------
Representation-aware smoothing, table 3.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._geometry import Diagnosis, at_most, diagnoses, mean_ratio
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import Key, content, data_key

SLACK = 3.0
"""2 by the derivation; 1 for the noise in the peak itself, k / crest^2 with k below 7."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every clipping whose mean ratio is above that of the gain on the same clips."""
    gains: defaultdict[Key, list[Diagnosis]] = defaultdict(list)
    clips: list[Diagnosis] = []
    for diagnosis in diagnoses(case.results):
        policy, level = diagnosis.policy, diagnosis.level
        if policy is None or level is None or policy.limit > level.rms:
            continue
        if policy.name == "peak_to":
            gains[_key(case.results, diagnosis)].append(diagnosis)
        elif policy.name == "clip":
            clips.append(diagnosis)
    for clip in clips:
        for gain in gains[_key(case.results, clip)]:
            yield from _compare(clip, gain)


def _key(results: Results, diagnosis: Diagnosis) -> Key:
    contract, evaluation = diagnosis.contract, diagnosis.evaluation
    steps = content(contract.pipeline, results.pipelines[contract.pipeline])
    limit = diagnosis.policy.limit if diagnosis.policy is not None else None
    where = contract.perturbation.location
    return data_key(results, evaluation.data), steps, where, evaluation.sigma, limit


def _compare(clip: Diagnosis, gain: Diagnosis) -> Iterator[Hit]:
    def is_smaller(read: Read) -> bool:
        return at_most(mean_ratio(clip, read)[0], mean_ratio(gain, read)[1] + SLACK)

    severity = severity_of(is_smaller, Severity.ERROR)
    placed, other = clip.mean or clip.d_geom, gain.mean or gain.d_geom
    if severity is not None and placed is not None and other is not None:
        message = (
            f"expected clipping to change the norm by at most 2 more than the gain to the peak "
            f"({other.claim.value} in {gain.name}), found {placed.claim.value}"
        )
        yield Hit(f"{placed.pointer}/value", message, {"other": other.pointer}, severity)
