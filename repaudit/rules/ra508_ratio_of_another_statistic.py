"""A norm ratio is that of another statistic or another transform than the declared one.

Why
---
A gain back to the clean RMS has a closed form for the mean and one for the median, which differ
in the fifth digit: a printed mean that only the median explains is a median. A gain to a peak
below the RMS, and clipping there, shrink every clip that is no square wave; a ratio of about 1
under them was made with the clean clip's own peak.

Bad
---
    {"contracts": {"renormalised": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [
        {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "renormalised", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "3.37e-5"},
       {"metric": "norm_ratio", "statistic": "mean", "value": "0.999985"}]}}}

Good
----
    {"contracts": {"renormalised": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius"], "transform": [
        {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "renormalised", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "3.37e-5"},
       {"metric": "norm_ratio", "statistic": "mean", "value": "0.999966"}]}}}

References
----------
Representation-aware smoothing, table 3: .999985 and .999996 are medians.
"""

from collections.abc import Iterator
from math import sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import loosely
from repaudit.rules._geometry import Diagnosis, diagnoses, printed
from repaudit.rules._near_miss import CREST, DEVIATIONS, PEAK_MATCH, law_of
from repaudit.rules._policy_bound import pairs_of
from repaudit.rules._rms_law import RmsLaw
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield ratios that the declared statistic or policy does not give but another one does."""
    for diagnosis in diagnoses(case.results):
        policy, law = diagnosis.policy, law_of(diagnosis)
        if policy is not None and policy.name == "rms" and law is not None:
            yield from _statistic(diagnosis, law, pairs_of(case.results, diagnosis))
        elif policy is not None and policy.name in ("clip", "peak_to"):
            yield from _own_peak(case.results, diagnosis)


def _statistic(diagnosis: Diagnosis, law: RmsLaw, pairs: int) -> Iterator[Hit]:
    # Three deviations of a median of this skewed law are fewer than six of its mean.
    slack = DEVIATIONS * law.deviation / sqrt(pairs) + law.remainder
    expected = {"mean": law.mean_ratio, "median": law.median_ratio}
    named = {"mean": diagnosis.mean, "median": diagnosis.median, None: diagnosis.unstated}
    for said, placed in named.items():
        if placed is None:
            continue
        fits = [name for name, value in expected.items() if _has(placed, value, slack)]
        if len(fits) == 1 and fits[0] != said:
            yield _hit(placed, said, fits[0], expected)


def _has(placed: Matched, value: float, slack: float) -> bool:
    low, high = printed(placed, loosely)
    return low - slack <= value <= high + slack


def _hit(placed: Matched, said: str | None, fits: str, expected: dict[str, float]) -> Hit:
    values = ", ".join(f"{name} {value:.6f}" for name, value in expected.items())
    declared = f"a {said}" if said is not None else "the statistic"
    message = (
        f"expected {declared} of the norm ratio, found {placed.claim.value}, which fits the "
        f"{fits} under a gain back to the clean RMS ({values})"
    )
    severity = None if said is not None else Severity.NOTE
    return Hit(f"{placed.pointer}/value", message, {"fits": fits}, severity)


def _own_peak(results: Results, diagnosis: Diagnosis) -> Iterator[Hit]:
    """Yield the first ratio near 1 of a policy that takes most of every clip away."""
    level, policy, relative = diagnosis.level, diagnosis.policy, diagnosis.relative_sigma
    if level is None or policy is None or relative is None or policy.limit > level.rms:
        return
    if policy.name == "clip" or (1 - 1 / CREST[0]) / relative <= 2 * PEAK_MATCH:
        return
    for placed in diagnosis.claims:
        high = printed(placed, loosely)[1]
        if high <= PEAK_MATCH:
            message = (
                f"expected ratios above {(1 - 1 / CREST[0]) / relative:.3g} for clips with a "
                f"crest factor above {CREST[0]}, found {placed.claim.value}, which fits a gain "
                "to the clean clip's own peak"
            )
            yield Hit(f"{placed.pointer}/value", message, {"fits": "peak of the clean clip"})
            return
