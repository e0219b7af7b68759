"""A good part of what a layer folds is leakage of its maps' edges.

Why
---
A discrete Fourier transform takes a map for one period. Where its edges do not meet, the jump has
energy at every frequency, which folds although nothing inside the map does. Under a Hann window,
put on the dense grid before it is decimated, the edges vanish; a number that drops with it is in
part one about edges. Declare the window, or say so.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 2e-07,
        "alias_energy": 0.15, "hann_energy": 0.04, "white_noise": 0.7656}}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 2e-07,
        "alias_energy": 0.15, "hann_energy": 0.12, "white_noise": 0.7656}}]}

References
----------
Harris, On the use of windows for harmonic analysis, Proceedings of the IEEE 66, 1978.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._layers import layers
from repaudit.rules._rule import Case, Hit, rule

SHARE = 0.25
"""of the alias energy that has to vanish with the window"""
LEAST = 0.01
"""alias energy below which nobody draws a conclusion from it"""


@rule(severity=Severity.NOTE, certainty=Certainty.LIKELY, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield layers whose alias energy is much smaller under a window."""
    for layer in layers(case):
        plain, windowed = layer.number("alias_energy"), layer.number("hann_energy")
        if plain is None or windowed is None or plain < LEAST:
            continue
        if windowed < (1.0 - SHARE) * plain:
            message = (
                f"expected the alias energy of {layer.name} to stand without the edges of its "
                f"maps, found {windowed:.3g} of {plain:.3g} under a Hann window"
            )
            yield Hit(layer.pointer, message, layer.evidence("alias_energy", "hann_energy"))
