"""A gain is recomputed from the noisy input inside the classifier.

Why
---
Standardising every input by its own mean and deviation divides out the level of what arrives,
noise included: it is an RMS gain behind the noise, so the smoothed function is the composition
with it. Declared as part of the network it is invisible to the geometry diagnostics; it is T.
Statistics of the training set are fixed numbers and part of the network.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"},
       {"step": "standardize", "mean": 0, "std": 1, "axis": "all",
        "computed_from": "input"}]}}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"},
       {"step": "standardize", "mean": 0, "std": 1.1, "axis": "all",
        "computed_from": "training_set"}]}}

References
----------
Representation-aware smoothing, failure mode 3 and equation 8: the gain is computed once.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import split_at
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import Standardize
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules.ra045_hidden_range_control import OTHER_COORDINATES


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every per-input standardisation between the noise and the next representation."""
    seen: set[str] = set()
    for name, contract in case.results.contracts.items():
        steps = case.results.pipelines[contract.pipeline]
        before, after = split_at(steps, contract.perturbation.location)
        for i, step in enumerate(after, start=len(before)):
            if isinstance(step, OTHER_COORDINATES):
                break
            pointer = pointer_of(["pipelines", contract.pipeline, i])
            is_gain = isinstance(step, Standardize) and step.computed_from == "input"
            if is_gain and pointer not in seen:
                seen.add(pointer)
                message = (
                    f"expected a gain of what arrives in the transform of {name}, found it in "
                    f"the pipeline behind {contract.perturbation.location}"
                )
                yield Hit(f"{pointer}/computed_from", message, {"contract": name})
