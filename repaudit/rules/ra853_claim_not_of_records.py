"""A claimed number is not that of the author's own released counts.

Why
---
From released counts every number of the table follows exactly, without a re-run and without
chance. One that does not follow was computed from other counts, in another way, or mistyped.

Bad
---
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,0,9462,31,10000"]},
     "contracts": {"waveform": {"scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "100.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "max", "population": "all",
         "rounding": "floor", "value": ".004620"}]}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,0,9462,31,10000"]},
     "contracts": {"waveform": {"scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "50.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "max", "population": "all",
         "rounding": "floor", "value": ".004620"}]}}}

References
----------
The results file, evaluations: what the columns of released counts are.
"""

from collections.abc import Iterator
from contextlib import suppress

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.contract.positions import pointer_of
from repaudit.evidence.tables import Records
from repaudit.metrics.base import CannotEstimate, Undefined
from repaudit.metrics.context import Context, context_of
from repaudit.metrics.estimate import metric_of, readings
from repaudit.metrics.reduce import Readings
from repaudit.rules._quantity import SCALE, Interval
from repaudit.rules._reading import severity_unless
from repaudit.rules._released import released
from repaudit.rules._rule import Case, Hit, rule

SUMMED, STORED = 1e-9, 1e-6
"""Relative rounding of float64 sums, and of norms released in float32."""
STORED_NEAR_0 = 3e-7
"""Absolute rounding of a ratio of norms released in float32."""


@rule(
    severity=Severity.ERROR,
    certainty=Certainty.PROVED,
    requires=("RA041", "RA044", "RA047", "RA113", "RA850", "RA851"),
)
def check(case: Case) -> Iterator[Hit]:
    """Yield every claim whose number the released counts do not give."""
    for name, evaluation, records in released(case):
        with suppress(UnstatedError):
            context = context_of(case.results, name)
            for index, claim in enumerate(evaluation.claims):
                found = _readings(claim, context, records)
                severity = _severity(claim, found.intervals) if found else None
                if found is not None and severity is not None:
                    where = pointer_of(["evaluations", name, "claims", index])
                    what = "printed radii" if found.ends else "counts"
                    message = f"expected {found.values[0]:.7g} of the released {what}"
                    evidence = {"recomputed": found.values[0]}
                    yield Hit(where, f"{message}, found {claim.value}", dict(evidence), severity)


def _readings(claim: Claim, context: Context, records: Records) -> Readings | None:
    """Return the claim's number under every reading of its definition; None when it has none."""
    if claim.value is None or claim.metric.startswith("x-"):
        return None
    try:
        return readings(claim, context, records)
    except (CannotEstimate, Undefined, UnstatedError):
        return None


def _severity(claim: Claim, found: tuple[tuple[float, float], ...]) -> Severity | None:
    is_geometry = metric_of(claim).family == "geometry"
    scale = float(SCALE.get(claim.unit or "", 1))

    def fits(interval: Interval) -> bool:
        low, high = float(interval[0]) / scale, float(interval[1]) / scale
        return any(
            low - _room(most, is_geometry) <= most and least <= high + _room(least, is_geometry)
            for least, most in found
        )

    return severity_unless(fits, claim)


def _room(value: float, is_geometry: bool) -> float:
    return max(STORED * abs(value), STORED_NEAR_0) if is_geometry else SUMMED * abs(value)
