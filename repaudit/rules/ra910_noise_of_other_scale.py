"""The noise has another standard deviation than the declared sigma.

Why
---
A radius is sigma times a function of the counts, so noise of another scale certifies another
radius. Noise added before a normalisation instead of after it, or in [-1, 1] instead of [0, 1],
is the usual reason. Measured as noisy minus clean vector at the declared location.

Bad
---
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"values": 1000000, "lost": 0.00002,
       "std_over_sigma": 2.001, "std_score": 1415.6}}]}

Good
----
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"values": 1000000, "lost": 0.00002,
       "std_over_sigma": 1.0021, "std_score": 2.97}}]}

References
----------
The standard deviation of N draws of a normal law varies by a factor of 1 / sqrt(2 N).
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._noise import SCORE, intact
from repaudit.rules._rule import Case, Hit, rule

SLACK = 1e-3
"""A scale that is off by less moves no radius by as much as any comparison can see."""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every sampler whose scale differs by more than chance."""
    for noise in intact(case):
        scale = noise.number("std_over_sigma")
        if scale is not None and noise.exceeds("std_score", SCORE) and abs(scale - 1.0) > SLACK:
            message = (
                f"{noise.who}expected noise of standard deviation sigma, found {scale:.4g} sigma"
            )
            evidence = noise.evidence("sigma", "std_over_sigma", "std_score", "values")
            yield Hit(noise.pointer, message, evidence)
