"""Cropping and padding leave the certified vector to chance, or a gain counts padding too early.

Why
---
A certificate is a statement about one vector. A random crop draws another vector each time, so
the ball around it has no centre that anybody knows. And a level that is said to include padding,
but is measured before the crop, does not: padded clips are then quieter by
10 log10(active / total) than the target says, and the norm is not t sqrt(T).

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"}]},
     "contracts": {"waveform": {"perturbation": {"location": "crop_pad"}}}}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": false, "zero_energy": "leave"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "center", "pad": "zero"}]},
     "contracts": {"waveform": {"perturbation": {"location": "crop_pad"}}}}

References
----------
Representation-aware smoothing, equation 8: CropPad deterministically crops or zero-pads, the
gain is computed from its result.
"""

from collections.abc import Iterator, Sequence

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import CropPad, Normalize, Step
from repaudit.rules._front_end import certified_pipelines
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield random crops, and gains over padding that is only added later."""
    for name in certified_pipelines(case.results):
        steps = case.results.pipelines[name]
        for i, step in enumerate(steps):
            pointer = pointer_of(["pipelines", name, i])
            if isinstance(step, CropPad) and step.anchor == "random":
                message = "expected a crop that is a function of the recording, found a random one"
                yield Hit(f"{pointer}/anchor", message)
            if isinstance(step, Normalize) and _counts_too_early(steps, i):
                message = "expected padding before a level that includes it, found it afterwards"
                yield Hit(f"{pointer}/includes_padding", message)


def _counts_too_early(steps: Sequence[Step], at: int) -> bool:
    step = steps[at]
    if not isinstance(step, Normalize) or step.includes_padding is not True:
        return False
    padded_before = any(isinstance(other, CropPad) for other in steps[:at])
    padded_after = any(isinstance(other, CropPad) for other in steps[at:])
    return step.measure == "rms" and padded_after and not padded_before
