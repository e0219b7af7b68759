"""Range control after the noise is hidden in the pipeline.

Why
---
Clipping, normalising, scaling or quantising what the noise was added to changes the certified
function from f to the composition of f with that step. It is T and belongs into the contract's
``transform``, where a reader and the geometry diagnostics see it. A clamp of features behind
a spectral front end is part of the network and not meant.

Bad
---
    {"contracts": {"waveform": {"perturbation": {"location": "crop_pad"}}}}

Good
----
    {"contracts": {"waveform": {"transform": [{"step": "clip", "low": -1, "high": 1}]}}}

References
----------
The contract (rho, P, T, m): range control after the noise is T.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import split_at
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import Embedding, LogMel, Mfcc, Pcen, Spectrogram
from repaudit.rules._rule import Case, Hit, rule

RANGE_CONTROL = {"clip", "normalize", "gain", "quantize"}
OTHER_COORDINATES = (Spectrogram, LogMel, Mfcc, Pcen, Embedding)


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every step of range control between the noise and the next representation."""
    seen: set[str] = set()
    for name, contract in case.results.contracts.items():
        steps = case.results.pipelines[contract.pipeline]
        before, after = split_at(steps, contract.perturbation.location)
        for i, step in enumerate(after, start=len(before)):
            if isinstance(step, OTHER_COORDINATES):
                break
            pointer = pointer_of(["pipelines", contract.pipeline, i])
            if step.step in RANGE_CONTROL and pointer not in seen:
                seen.add(pointer)
                message = (
                    f"expected range control after the noise in the transform of {name}, "
                    f"found {step.step} in the pipeline behind {contract.perturbation.location}"
                )
                yield Hit(pointer, message, {"contract": name})
