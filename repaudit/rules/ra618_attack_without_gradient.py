"""An attack follows a gradient that is not there.

Why
---
Rounding, votes, a saturated softmax or an output that was already normalised leave a gradient of
exactly zero, and a gradient attack then stands still. What survives it was not attacked. A search
that only looks at scores does not notice.

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
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.1200",
         "unit": "fraction"}]}},
     "x-probes": [{"name": "gradients", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"attack": "eot", "examples": 16, "none": 9}}]}

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
     "x-probes": [{"name": "gradients", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"attack": "eot", "examples": 200, "none": 1}}]}

References
----------
Croce and Hein 2020, AutoAttack: the check for zero gradients. Athalye, Carlini and Wagner 2018,
Obfuscated gradients give a false sense of security.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attack_probes import asked_of_attacks
from repaudit.rules._rule import Case, Hit, rule

FEW = 0.01
"""Share of examples that may lie on a plateau by chance, such as behind dead rectifiers."""


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every attack with a gradient of zero, or none that is finite, at clean examples."""
    for seen in asked_of_attacks(case, "gradients"):
        examples, none = seen.number("examples"), seen.number("none")
        if examples and none is not None and none > FEW * examples:
            message = (
                f"{seen.attack}: expected a gradient, found none at {none:.0f} of {examples:.0f} "
                "examples"
            )
            yield Hit(seen.pointer, message, seen.evidence("examples", "none"))
