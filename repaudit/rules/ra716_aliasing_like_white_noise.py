"""A layer folds as much as white noise would.

Why
---
Of white noise a stride folds all but the share that the coarse grid can hold: 1 - product of
kept / (stride M), about 0.75 for stride 2 on both axes and 0.5 on one. A layer there has nothing
before it that keeps high frequencies out, and a number near it is the ceiling that careless strides
reach, not a small or a large one by itself.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.75"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 2e-07,
        "alias_energy": 0.75, "hann_energy": 0.75, "white_noise": 0.7656}}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.61"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 2e-07,
        "alias_energy": 0.61, "hann_energy": 0.6, "white_noise": 0.7656}}]}

References
----------
The baseline of white noise; an ideal low-pass before the stride has 0.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._layers import layers
from repaudit.rules._rule import Case, Hit, rule

NEAR = 0.05
"""of the baseline: what a map of a thousand values may differ from it by chance"""


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield layers whose alias energy reaches that of white noise."""
    for layer in layers(case):
        energy, white = layer.number("alias_energy"), layer.number("white_noise")
        if energy is not None and white is not None and energy >= (1.0 - NEAR) * white:
            message = (
                f"expected {layer.name} to fold less than white noise, found an alias energy of "
                f"{energy:.3g} where white noise has {white:.3g}"
            )
            yield Hit(layer.pointer, message, layer.evidence("alias_energy", "white_noise"))
