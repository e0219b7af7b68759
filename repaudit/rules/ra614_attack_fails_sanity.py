"""An attack loses where none that works can lose.

Why
---
A gradient attack that works beats a blind search, random noise and examples made for another
network; it succeeds more often with more room, always with room for everything, and about as
often with twice the steps; against fixed directions it succeeds at least as often as against
fresh ones. Where one of these fails the attack is weak or its gradient is masked, and the
accuracy it leaves standing says little about the defence.

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
     "x-probes": [{"name": "attack_panel", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"examples": 48, "repeats": 3, "classifier": "defended",
       "pgd: kind": "pgd base", "pgd: right": 40.0, "eot: kind": "eot_pgd defended",
       "eot: right": 33.0, "search: kind": "random_search defended", "search: right": 12.0}}]}

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
     "x-probes": [{"name": "attack_panel", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"examples": 48, "repeats": 3, "classifier": "defended",
       "pgd: kind": "pgd base", "pgd: right": 40.0, "eot: kind": "eot_pgd defended",
       "eot: right": 12.0, "search: kind": "random_search defended", "search: right": 11.0}},
      {"name": "attack_strength", "evaluation": "panel", "checkpoint": "seed0",
       "status": "asked", "numbers": {"attack": "eot", "examples": 6, "declared": 2, "half": 4,
       "double": 1, "large": 0, "longer": 1}}]}

References
----------
Carlini et al. 2019, On evaluating adversarial robustness, section 3.2 and section 5 (the
checklist); Athalye, Carlini and Wagner 2018, section 3.1: signs of masked gradients.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attack_panel import doubts_about
from repaudit.rules._attack_probes import AskedOfAttack, asked_of_attacks
from repaudit.rules._rule import Case, Hit, rule

SLACK = 1 / 3
"""Share of the few asked examples by which a variation may go the wrong way by chance: attacks on
random directions turn other ones every time."""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every way in which an attack or a panel of them behaves as if it did not work."""
    for varied in asked_of_attacks(case, "attack_strength"):
        keys = ("examples", "declared", "half", "double", "large", "longer")
        for doubt in _weak(varied):
            yield Hit(varied.pointer, f"{varied.attack}: {doubt}", varied.evidence(*keys))
    for panel in asked_of_attacks(case, "attack_panel"):
        for message, evidence in doubts_about(panel):
            yield Hit(panel.pointer, message, evidence)


def _weak(varied: AskedOfAttack) -> Iterator[str]:
    """Yield what an attack does with more room and more steps that it should not."""
    right = {key: varied.number(key) for key in ("half", "declared", "double", "large", "longer")}
    examples = varied.number("examples") or 0.0
    slack = max(1.0, SLACK * examples)
    for less, more in (("half", "declared"), ("declared", "double")):
        a, b = right[less], right[more]
        if a is not None and b is not None and b > a + slack:
            words = {"half": "half epsilon", "declared": "epsilon", "double": "twice epsilon"}
            yield (
                f"expected fewer examples right with more room, found {b:.0f} of {examples:.0f} "
                f"at {words[more]}, {a:.0f} at {words[less]}"
            )
    large = right["large"]
    if large is not None and large > slack:
        yield (
            f"expected nothing right when the ball holds every input, found {large:.0f} of "
            f"{examples:.0f}"
        )
    longer, declared = right["longer"], right["declared"]
    if longer is not None and declared is not None and declared > longer + slack:
        yield (
            f"expected the same with twice the steps, found {longer:.0f} instead of "
            f"{declared:.0f} of {examples:.0f} right"
        )
