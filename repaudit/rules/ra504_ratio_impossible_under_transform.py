"""A norm ratio or D_geom is none that the declared transform can give.

Why
---
Known transforms have known effects. A gain back to the clean RMS moves the norm by parts in
100 000, by a closed form; a gain to the clean peak keeps every ratio below 8.2 (11 at any level);
clipping, or a gain that brings the peak to the RMS, moves a clip by at most its own norm, so the
ratio stays below 1 + RMS / sigma, and below 1 when the clip fits into the box already. A number
outside was made by another transform than the one that is written down.

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
       {"metric": "d_geom", "value": "5.0e-5"}]}}}

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
       {"metric": "d_geom", "value": "3.37e-5"}]}}}

References
----------
Representation-aware smoothing, equations 7 and 9 and table 3; noncentral chi-square.
"""

from collections.abc import Iterator
from math import sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._geometry import Diagnosis, at_most, diagnoses, printed
from repaudit.rules._near_miss import DEVIATIONS, explanation, law_of
from repaudit.rules._policy_bound import bound_of, pairs_of
from repaudit.rules._rule import Case, Hit, rule

FEWEST_PAIRS = 100
"""Pairs of clip and draw from which six deviations are rare."""
Found = tuple[Matched, str, Severity]
"""The claim, what was expected of it, how bad it is."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield the first impossible number of each geometry evaluation, with what would explain it."""
    for diagnosis in diagnoses(case.results):
        found = _above_bound(case.results, diagnosis) or _off_law(case.results, diagnosis)
        if found is not None:
            placed, expected, severity = found
            fits = explanation(diagnosis)
            message = f"expected {expected}, found {placed.claim.value}"
            if fits is not None:
                message += f", which fits {fits}"
            yield Hit(f"{placed.pointer}/value", message, {"fits": fits}, severity)


def _above_bound(results: Results, diagnosis: Diagnosis) -> Found | None:
    bound = bound_of(results, diagnosis)
    if bound is None:
        return None
    for placed in diagnosis.claims:
        if placed is diagnosis.d_geom:
            name, most = "D_geom", bound.d_geom
        else:
            name, most = "a ratio", bound.mean if placed is diagnosis.mean else bound.single

        def is_below(read: Read, placed: Matched = placed, most: float = most) -> bool:
            return at_most(printed(placed, read)[0], most)

        severity = severity_of(is_below, Severity.ERROR)
        if severity is not None:
            return placed, f"{name} of at most {most:.4g}, since {bound.because}", severity
    return None


def _off_law(results: Results, diagnosis: Diagnosis) -> Found | None:
    """Return a D_geom of T_rms that is six deviations off its closed form."""
    law = law_of(diagnosis)
    pairs = pairs_of(results, diagnosis)
    is_rms = diagnosis.policy is not None and diagnosis.policy.name == "rms"
    if not is_rms or law is None or diagnosis.d_geom is None or pairs < FEWEST_PAIRS:
        return None
    slack = DEVIATIONS * law.deviation / sqrt(pairs) + law.remainder
    low, high = law.d_geom - slack, law.d_geom + slack

    def is_near(read: Read) -> bool:
        least, most = printed(diagnosis.d_geom, read)
        return least <= high and most >= low

    severity = severity_of(is_near, Severity.ERROR)
    if severity is None:
        return None
    value = diagnosis.d_geom.claim.value
    is_above = value is not None and float(value.value) > high
    if is_above and not (diagnosis.level is not None and diagnosis.level.drops_silence):
        severity = Severity.WARNING  # clips without energy have their own, larger ratios
    expected = f"D_geom from {low:.4g} to {high:.4g}, what a gain back to the clean RMS gives"
    return diagnosis.d_geom, expected, severity
