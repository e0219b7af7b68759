"""The network's decision does not depend on the level of its input, though no step says so.

Why
---
If half and twice the noisy input give the same logits, an RMS or peak normaliser sits inside
the classifier, behind the noise. The smoothed function is then the composition with it, the gain
depends on the noise, and no geometry diagnostic sees it. Declared, it is T. Offsets of features
removed behind a declared spectral front end are part of the network and not meant.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "x-probes": [{"name": "hidden_gain", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"levels": "0.5, 2",
       "change_over_margin": 0.000002, "between_inputs_over_margin": 3.2}}]}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "x-probes": [{"name": "hidden_gain", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"levels": "0.5, 2",
       "change_over_margin": 0.0009, "between_inputs_over_margin": 3.2}}]}

References
----------
Representation-aware smoothing, failure mode 3 and equation 8: the gain is computed once.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import split_at
from repaudit.contract.steps import Custom, Normalize, Standardize, Step
from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules.ra045_hidden_range_control import OTHER_COORDINATES

SAME = 1e-4
"""of the margin: logits that did not notice"""
OTHER = 1e-2
"""of the margin: what other inputs must move, or the network notices nothing at all"""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every network with a gain of its own that no step behind the noise declares."""
    for level in asked(case, "hidden_gain"):
        change = level.number("change_over_margin")
        notices = level.exceeds("between_inputs_over_margin", OTHER)
        if change is not None and change < SAME and notices and not _is_declared(case, level):
            message = (
                f"{level.who}expected logits that follow the level of the input, found a change "
                f"of {change:.1g} margins between half and twice of it"
            )
            evidence = level.evidence("change_over_margin", "between_inputs_over_margin")
            yield Hit(level.pointer, message, evidence)


def _is_declared(case: Case, level: Asked) -> bool:
    contract = case.results.contracts[level.evaluation.contract]
    steps = case.results.pipelines[contract.pipeline]
    _, behind = split_at(steps, contract.perturbation.location)
    return any(_may_divide_level_out(step) for step in behind)


def _may_divide_level_out(step: Step) -> bool:
    if isinstance(step, Standardize):
        return step.computed_from != "training_set"
    return isinstance(step, (Normalize, Custom, *OTHER_COORDINATES))
