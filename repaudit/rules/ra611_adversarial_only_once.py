"""Inputs that an attack calls adversarial are none when they are run again.

Why
---
Attack libraries report what they saw while they ran: an input before it was clipped or stored, an
output of another batch, a row of zeros for a failure, a perturbation beyond epsilon. The re-run
predicts every such input again, within epsilon, and drops those that are right after all. Where
an evaluation does not say that it did the same, its count of adversarial examples holds them.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40},
      "eot": {"name": "eot_pgd", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "steps": 20},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"panel": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd", "eot", "search"],
       "defence": "averaged", "reevaluated": false,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.1200",
         "unit": "fraction"}]}},
     "x-probes": [{"name": "reevaluation", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"attack": "pgd", "claimed": 310, "confirmed": 300,
       "unchanged": 4, "outside_epsilon": 6}}]}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40},
      "eot": {"name": "eot_pgd", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "steps": 20},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"panel": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd", "eot", "search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.1200",
         "unit": "fraction"}]}},
     "x-probes": [{"name": "reevaluation", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"attack": "pgd", "claimed": 310, "confirmed": 300,
       "unchanged": 4, "outside_epsilon": 6}}]}

References
----------
Foolbox issues 145, 325 and 674: adversarial examples that are none when predicted again. Carlini
et al. 2019, On evaluating adversarial robustness, section 5.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attack_probes import asked_of_attacks
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every attack whose claims shrink in an evaluation that did not look a second time."""
    for again in asked_of_attacks(case, "reevaluation"):
        claimed, confirmed = again.number("claimed"), again.number("confirmed")
        if claimed is None or confirmed is None or again.evaluation.reevaluated is True:
            continue
        if claimed > confirmed:
            message = (
                f"expected adversarial inputs that are run again, found {again.attack} to call "
                f"{claimed - confirmed:.0f} of {claimed:.0f} adversarial that are not"
            )
            keys = ("claimed", "confirmed", "unchanged", "outside_epsilon")
            yield Hit(again.pointer, message, again.evidence(*keys))
