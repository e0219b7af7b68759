"""A layer's output is not every s-th value of its dense twin.

Why
---
The measure compares an operation with itself at stride 1. Where decimating that twin does not give
the operation's own output, the two do not belong together: padding, dilation or rounding mode
differ, the layer draws at random, or its arithmetic is too coarse. No number of that layer means
anything, and none is reported.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.31, "folding_error": 2e-07,
        "alias_energy": null, "hann_energy": null, "white_noise": 0.7656}}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 2e-07,
        "alias_energy": 0.15, "hann_energy": 0.13, "white_noise": 0.7656}}]}

References
----------
The same operation at stride 1 on the fine grid; Grabinski et al. 2022, equations 1 and 2.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._layers import broken_identity, layers
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.LIKELY, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield layers whose twin is another operation."""
    for layer in layers(case):
        error = broken_identity(layer, "decimation_error")
        if error is not None:
            message = f"expected {layer.name} to be its twin decimated, found a difference of "
            yield Hit(
                layer.pointer,
                f"{message}{error:.2g} of its largest output",
                layer.evidence("decimation_error"),
            )
