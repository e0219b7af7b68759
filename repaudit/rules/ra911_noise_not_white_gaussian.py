"""The noise is not independent Gaussian noise on every coordinate.

Why
---
The certificate holds for isotropic Gaussian noise. Uniform noise, one noise shared by all
channels, coloured noise, rows that resemble one another, and noise that spares the padding are
other laws: the same counts then certify nothing in L2.

Bad
---
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"kurtosis": 1.8003, "kurtosis_score": -244.9,
       "autocorrelation": 0.0011, "autocorrelation_score": 1.1, "untouched": 0.0}}]}

Good
----
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"kurtosis": 3.0093, "kurtosis_score": 1.9,
       "autocorrelation": 0.0041, "autocorrelation_score": 4.1, "untouched": 0.0}}]}

References
----------
Cohen, Rosenfeld and Kolter 2019, theorem 1: isotropic Gaussian noise.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._noise import LOST, SCORE
from repaudit.rules._rule import Case, Hit, rule

FAULTS = {
    "mean_score": ("", "a mean other than 0"),
    "skewness_score": ("skewness", "skewness"),
    "kurtosis_score": ("kurtosis", "kurtosis"),
    "autocorrelation_score": ("autocorrelation", "correlation of neighbours"),
    "row_correlation_score": ("row_correlation", "correlation of two rows"),
}
"""score -> the number behind it, and what it is in words"""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every sampler that some statistic tells from white Gaussian noise."""
    for noise in asked(case, "noise"):
        found = list(_faults(noise))
        if found:
            what = ", ".join(found)
            message = f"{noise.who}expected white Gaussian noise on every coordinate, found {what}"
            evidence = noise.evidence("untouched", *FAULTS, *(key for key, _ in FAULTS.values()))
            yield Hit(noise.pointer, message, evidence)


def _faults(noise: Asked) -> Iterator[str]:
    if noise.probe.numbers.get("finite") is False:
        yield "values that are not finite"
    if noise.exceeds("lost", LOST):
        return  # what rounding does to the law is said by the rule about rounding
    untouched = noise.number("untouched")
    if untouched:
        yield f"none on {100 * untouched:.3g} % of them"
    for score, (key, words) in FAULTS.items():
        if score == "row_correlation_score" and noise.exceeds("repeated_rows", 0):
            continue  # equal rows are said by the rule about them
        if noise.exceeds(score, SCORE):
            value = noise.number(key)
            yield words if value is None else f"{words} {value:.3g}"
