"""A median norm ratio is too far from 1 for D_geom, or a ratio that is not named is no mean.

Why
---
At least half of the ratios are as far from 1 as their median or farther, so D_geom, the mean of
|rho - 1|, is at least |median - 1| / 2. A ratio whose statistic is not said cannot be read at
all; where it lies outside what a mean may be beside D_geom, it is at least known to be none.

Bad
---
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "transform": [{"step": "clip", "low": -1, "high": 1}], "scale": ["certified_radius"]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "130.10"},
       {"metric": "norm_ratio", "statistic": "median", "value": "271.65"},
       {"metric": "clean_bias", "statistic": "mean", "value": "130.10"}]}}}

Good
----
    {"contracts": {"clipped": {"pipeline": "keyword-spotter", "object": "waveform",
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "transform": [{"step": "clip", "low": -1, "high": 1}], "scale": ["certified_radius"]}},
     "evaluations": {"geometry": {"kind": "geometry", "data": "test-set",
       "contract": "clipped", "sigma": 0.0025, "draws": 16, "claims": [
       {"metric": "d_geom", "value": "135.33"},
       {"metric": "norm_ratio", "statistic": "median", "value": "271.65"},
       {"metric": "clean_bias", "statistic": "mean", "value": "135.33"}]}}}

References
----------
Representation-aware smoothing, equation 9; Markov's inequality.
"""

from collections.abc import Iterator
from dataclasses import replace

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.rules._counts import Read, loosely, severity_of
from repaudit.rules._geometry import Diagnosis, Evidence, at_most, diagnoses, mean_ratio, printed
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield impossible medians, and ratios without a statistic that are no mean."""
    for diagnosis in diagnoses(case.results):
        if diagnosis.d_geom is None:
            continue
        if diagnosis.median is not None:
            yield from _median(diagnosis, diagnosis.d_geom, diagnosis.median)
        if diagnosis.unstated is not None:
            yield from _unstated(diagnosis, diagnosis.d_geom, diagnosis.unstated)


def _median(diagnosis: Diagnosis, d_geom: Matched, median: Matched) -> Iterator[Hit]:
    def agree(read: Read) -> bool:
        return _may_be_median(d_geom, median, read)

    severity = severity_of(agree, Severity.ERROR)
    if severity is not None:
        reach = 2 * printed(d_geom, interval_of)[1]
        message = (
            f"expected a median norm ratio within {reach:.6g} of 1 beside D_geom "
            f"{d_geom.claim.value}, found {median.claim.value}"
        )
        yield Hit(f"{median.pointer}/value", message, {"d_geom": d_geom.pointer}, severity)


def _may_be_median(d_geom: Matched, median: Matched, read: Read) -> bool:
    low, high = printed(median, read)
    nearest = 0.0 if low <= 1 <= high else min(abs(low - 1), abs(high - 1))
    return at_most(nearest / 2, printed(d_geom, read)[1])


def _unstated(diagnosis: Diagnosis, d_geom: Matched, ratio: Matched) -> Iterator[Hit]:
    as_mean = replace(diagnosis, mean=ratio)
    if at_most(*mean_ratio(as_mean, loosely)):
        return
    least, most = printed(d_geom, interval_of)
    low, high = max(1 - most, least - 1), 1 + most
    fits = _may_be_median(d_geom, ratio, loosely)
    message = (
        f"expected the statistic of the norm ratio, found {ratio.claim.value} without one: "
        f"no mean beside D_geom {d_geom.claim.value} ({low:.6g} to {high:.6g}), "
        f"{'possible' if fits else 'impossible'} as a median"
    )
    evidence: Evidence = {
        "low": low,
        "high": high,
        "d_geom": d_geom.pointer,
        "fits_median": fits,
    }
    yield Hit(f"{ratio.pointer}/value", message, evidence, Severity.WARNING)
