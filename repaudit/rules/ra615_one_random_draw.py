"""A number of a randomised defence comes from too few draws of its directions.

Why
---
A defence that draws its directions anew at every prediction gives another number every time it is
run. One run is one draw; the mean over five or more, with how far they spread, is a number that
somebody else can meet.

Bad
---
    {"attacks": {"search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fresh"}},
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
       "location": "normalize", "randomness": "fresh"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true, "repeats": 5,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.121",
         "unit": "fraction", "across": "mean",
         "spread": {"value": "0.006", "statistic": "std", "over": "repeats", "ddof": 1}}]}}}

References
----------
Carlini et al. 2019, On evaluating adversarial robustness, section 4: randomised defences.
"""

from collections.abc import Iterator

from repaudit._core.text import count
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Empirical
from repaudit.contract.positions import pointer_of
from repaudit.rules._adaptive import claims_a_defence
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import repeats_of

ENOUGH = 5
"""Repeats from which a standard deviation says something (97.5 % quantile of t: 2.78)."""


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every evaluation of a defence with fresh directions that was not repeated enough."""
    for name, evaluation in case.results.evaluations.items():
        if not isinstance(evaluation, Empirical) or evaluation.defence is None:
            continue
        defence = case.results.defences[evaluation.defence]
        is_known = defence.randomness == "fresh" and evaluation.repeats != "unstated"
        repeats = repeats_of(evaluation)
        if is_known and repeats < ENOUGH and claims_a_defence(evaluation):
            message = (
                f"expected at least {ENOUGH} repeats with fresh directions, found "
                f"{count(repeats, 'run')}"
            )
            yield Hit(pointer_of(["evaluations", name]), message, {"repeats": repeats})
