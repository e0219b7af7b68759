"""Epsilon and the averaging radius are lengths in different coordinates.

Why
---
Whether a defence averages over a ball larger than the attack's is the first question about it,
and 8/255 in pixels beside a radius of 30 in standardised coordinates answers nothing: a gain or a
standardisation between the two places rescales one of them. Beside an linf epsilon the radius
compares per coordinate, r over the square root of the dimension.

Bad
---
    {"attacks": {"search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "log_mel", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

Good
----
    {"attacks": {"search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "crop_pad", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "mix_down"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, section 4.3: epsilon
8/255 beside r = 30.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import split_at
from repaudit.contract.evaluation import Empirical
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._adaptive import claims_a_defence
from repaudit.rules._rule import Case, Hit, rule

RESCALES = {"gain", "normalize", "spectrogram", "log_mel", "mfcc", "pcen", "standardize"}
RESCALES |= {"embedding", "custom"}
"""Steps after which a length is another number."""


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every threat model whose epsilon is rescaled on the way to the defence, or back."""
    seen: set[tuple[str, str, str]] = set()
    for name, evaluation in case.results.evaluations.items():
        places = _places(case.results, evaluation) if isinstance(evaluation, Empirical) else None
        if places is None or places in seen:
            continue
        seen.add(places)
        between = _between(case.results, *places)
        if between:
            message = (
                f"expected epsilon in the coordinates of the averaging radius, {places[2]}, "
                f"found {' and '.join(between)} between them"
            )
            where = pointer_of(["evaluations", name, "threat_model", "location"])
            yield Hit(where, message, {"between": ", ".join(between)})


def _places(results: Results, evaluation: Empirical) -> tuple[str, str, str] | None:
    """Return the pipeline, where epsilon is measured, where the radius is; None if not known."""
    model = evaluation.threat_model
    if model is None or evaluation.defence is None or not claims_a_defence(evaluation):
        return None
    location = results.defences[evaluation.defence].location
    if "unstated" in (model.location, location):
        return None
    return evaluation.pipeline, model.location, location


def _between(results: Results, pipeline: str, one: str, other: str) -> list[str]:
    steps = results.pipelines[pipeline]
    ends = sorted(len(split_at(steps, location)[0]) for location in (one, other))
    return [step.step for step in steps[ends[0] : ends[1]] if step.step in RESCALES]
