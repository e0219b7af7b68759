"""A defence that a published analysis has broken is not tested against that analysis.

Why
---
Post-averaging was published with 88.4 % defended accuracy on CIFAR-10 and 76.1 % on ImageNet,
under attacks on the bare network (linf, epsilon 8/255). The Square attack, a search that only
queries the defended network, leaves 15.8 % and 0.4 % (1000 images each). Whoever reports the
defence anew repeats that test, or the reader has to assume its outcome.

Bad
---
    {"attacks": {"fgsm": {"name": "fgsm", "target": "defended", "objective": "max_loss",
       "library": "repaudit"}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["fgsm"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

Good
----
    {"attacks": {"fgsm": {"name": "fgsm", "target": "defended", "objective": "max_loss",
       "library": "repaudit"},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["fgsm", "search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

References
----------
Andriushchenko et al. 2020, Square attack, section 5.2; robust-ml.github.io issue 15; Lin et al.
2019, Bandlimiting neural networks against adversarial attacks, table 1 (PGD, K = 15).
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._adaptive import attacked_defences
from repaudit.rules._rule import Case, Hit, rule

SEARCHES = {"square", "random_search", "autoattack"}
"""Attacks that are, or contain, a search which only queries the classifier."""
UNDER_SQUARE = {"cifar10_percent": 15.8, "imagenet_percent": 0.4}
"""Accuracy that the Square attack leaves, on 1000 images each [robust-ml.github.io issue 15]."""


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield one hit for a file with post-averaging and no search on the defended network."""
    attacked = list(attacked_defences(case.results))
    searched = any(
        attack.name in SEARCHES and attack.target in ("defended", "unstated")
        for entry in attacked
        for attack in entry.attacks.values()
    )
    if any(entry.is_claimed for entry in attacked) and not searched:
        message = (
            "expected a query attack on the defended network, such as Square, which leaves the "
            "published post-averaging 15.8 % on CIFAR-10 and 0.4 % on ImageNet, found none"
        )
        yield Hit("/defences", message, dict(UNDER_SQUARE))
