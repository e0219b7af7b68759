"""Without a transform, the noisy minus the clean vector is not the noise that was drawn.

Why
---
With T = identity only the addition stands between the two, and it rounds: D_geom is 7e-8 in
float32 at an RMS 400 times sigma. A larger one says that the addition is narrower than declared,
or that something undeclared acts behind it.

Bad
---
    {"x-probes": [{"name": "identity_transform", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"d_geom": 0.31,
       "rms_over_sigma": 400.0, "size": 16000, "draws": 64}}]}

Good
----
    {"x-probes": [{"name": "identity_transform", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"d_geom": 0.000000082,
       "rms_over_sigma": 400.0, "size": 16000, "draws": 64}}]}

References
----------
Representation-aware smoothing, table 3: 6.49e-8 and 3.28e-8; IEEE 754.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules.ra503_identity_changes_noise import AT, FLOAT32

HALF_UNIT = 2.0**-24
"""of float32, relative: what one addition rounds at most"""
PEAKS = 10.0
"""by how much a clip's peaks, which round most, may stand out of its RMS"""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every identity that moves the norm of the noise by more than rounding."""
    for identity in asked(case, "identity_transform"):
        d_geom, limit = identity.number("d_geom"), _limit(identity)
        if d_geom is not None and limit is not None and d_geom > limit:
            message = (
                f"{identity.who}expected D_geom of at most {limit:.2g}, the rounding of float32, "
                f"with T = identity, found {d_geom:.3g}"
            )
            yield Hit(identity.pointer, message, identity.evidence("d_geom", "rms_over_sigma"))


def _limit(identity: Asked) -> float | None:
    """Return what rounding explains: the limit for declared numbers, or more for short vectors."""
    ratio, size = identity.number("rms_over_sigma"), identity.number("size")
    if ratio is None or not size:
        return None
    short = PEAKS * HALF_UNIT * max(ratio, 1.0) / size**0.5
    return float(max(FLOAT32 * max(1.0, ratio / AT), short))
