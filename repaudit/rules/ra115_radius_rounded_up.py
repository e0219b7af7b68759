"""A certified radius is printed larger than it is.

Why
---
A certificate is a promise, and one that is rounded up promises more than was shown. Where only
one radius fits the printed digits and it lies below the printed number, the digits were rounded
up. Round certified radii towards zero and certified SNRs away from it, and say so.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "value": ".007785"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.22"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007784"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "84.22"}]}}}

References
----------
IEEE 1788-2015, outward rounding: a bound stays one only when rounded to its safe side.
"""

from collections.abc import Iterator

import numpy as np

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._radius import Radius, radii_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.statistics.attainable import FLOAT32


@rule(
    severity=Severity.WARNING,
    certainty=Certainty.PROVED,
    requires=("RA041", "RA043", "RA047"),
)
def check(case: Case) -> Iterator[Hit]:
    """Yield every radius whose digits can only be those of a smaller one; a note in a copy."""
    severity = Severity.NOTE if case.is_transcription else Severity.WARNING
    for radius in radii_of(case.results):
        only, value = _only(radius), radius.placed.claim.value
        if only is None or value is None or radius.placed.claim.reading_error is not None:
            continue
        if float(value.value) > only * (1.0 + FLOAT32):
            message = f"expected at most the radius {only:.9g}, found {value}"
            yield Hit(radius.placed.pointer, message, {"radius": only}, severity)


def _only(radius: Radius) -> float | None:
    """Return the one radius that the digits can be of; None where there are several."""
    if radius.form is None or radius.form.share is not None or len(radius.settings) > 1:
        return None
    low, high = radius.over_sigma(radius.interval)
    lattice = radius.settings[0].lattice
    first, last = np.searchsorted(lattice, [low, high]).tolist()
    return radius.sigma * float(lattice[first]) if last - first == 1 else None
