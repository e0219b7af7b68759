"""A layer's spectrum is not the folded spectrum of its dense twin.

Why
---
Taking every s-th value folds a spectrum: S(k) is the sum of U(k + jM). It is an identity of the
discrete Fourier transform, for any map, so a difference beyond rounding is a fault of the machine
or of its transform, and no number of that layer is reported.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 0.04,
        "alias_energy": null, "hann_energy": null, "white_noise": 0.7656}}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"}]}},
     "x-probes": [{"name": "aliasing_layer", "evaluation": "aliasing", "checkpoint": "seed0",
       "status": "asked", "numbers": {"layer": "blocks.2.pool", "tolerance": 1e-05,
        "decimation_error": 0.0000002, "folding_error": 3e-07,
        "alias_energy": 0.15, "hann_energy": 0.13, "white_noise": 0.7656}}]}

References
----------
The decimation identity of the discrete Fourier transform.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._layers import broken_identity, layers
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield layers whose transform breaks its own identity."""
    for layer in layers(case):
        error = broken_identity(layer, "folding_error")
        if error is not None:
            message = f"expected the spectrum of {layer.name} to be the folded one, found a "
            yield Hit(
                layer.pointer,
                f"{message}difference of {error:.2g}",
                layer.evidence("folding_error"),
            )
