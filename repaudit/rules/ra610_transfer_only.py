"""No attack on a defence saw the defence.

Why
---
An attack that was computed on the bare network, or on a surrogate, and is then shown to the
defended one is a transfer attack. What it leaves standing says how well adversarial examples
transfer, not how robust the defended network is: that takes an attack on the defended network
itself. Numbers against such attacks alone are labelled transfer-only wherever they are printed.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "repaudit"},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"few": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"},
      "many": {"method": "post_averaging", "directions": 30, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"few": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "few", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]},
      "many": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"],
       "defence": "many", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "defence_rate", "value": "0.95", "unit": "fraction"}]}}}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "repaudit"},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"many": {"method": "post_averaging", "directions": 30, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"transfer": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"],
       "defence": "many", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "defence_rate", "value": "0.95", "unit": "fraction"}]},
      "adaptive": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "many", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

References
----------
Carlini et al. 2019, On evaluating adversarial robustness; Tramer et al. 2020, On adaptive attacks
to adversarial example defenses.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.rules._adaptive import TRANSFER, attacked_defences
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every defence with claims under attacks that cannot have seen it, and no other."""
    for attacked in attacked_defences(case.results):
        targets = {str(attack.target) for attack in attacked.attacks.values()}
        if attacked.is_claimed and targets <= TRANSFER:
            names = ", ".join(sorted(attacked.attacks))
            message = (
                f"transfer-only: expected an attack that saw the defence of {attacked.model}, "
                f"found {names}"
            )
            evidence = {"model": attacked.model, "attacks": names}
            yield Hit(pointer_of(["defences", attacked.defence]), message, dict(evidence))
