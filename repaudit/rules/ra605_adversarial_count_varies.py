"""The success of an attack on the bare network changes with the defence.

Why
---
An attack that sees only the bare network finds the same adversarial examples whatever is put
around the network afterwards. A count, or an attacked accuracy of the bare network, that changes
from row to row says that the attack was run anew for each row, from another random start, so
that the rows compare defences on different examples.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40}},
     "defences": {"few": {"method": "post_averaging", "directions": 15, "radius": 0.5,
        "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
        "location": "normalize", "randomness": "fresh"},
       "many": {"method": "post_averaging", "directions": 30, "radius": 0.5,
        "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
        "location": "normalize", "randomness": "fresh"}},
     "evaluations": {"few": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "defence": "few",
       "threat_model": {"norm": "l2", "epsilon": 0.1, "location": "normalize"},
       "claims": [{"metric": "adversarial_count", "value": "310"}]},
      "many": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "defence": "many",
       "threat_model": {"norm": "l2", "epsilon": 0.1, "location": "normalize"},
       "claims": [{"metric": "adversarial_count", "value": "311"}]}}}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40}},
     "defences": {"few": {"method": "post_averaging", "directions": 15, "radius": 0.5,
        "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
        "location": "normalize", "randomness": "fresh"}},
     "evaluations": {"few": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "defence": "few",
       "threat_model": {"norm": "l2", "epsilon": 0.1, "location": "normalize"},
       "claims": [{"metric": "adversarial_count", "value": "310"}]},
      "few-at-twice-the-radius": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": ["pgd"],
       "defence": "few",
       "threat_model": {"norm": "l2", "epsilon": 0.2, "location": "normalize"},
       "claims": [{"metric": "adversarial_count", "value": "311"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, table 2.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.rules._base import attack_key
from repaudit.rules._quantity import differ, quantity_key
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import setting_key
from repaudit.rules._walk import every_claim


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each count behind one attack that differs from the first row's.

    Two evaluations of one setting are RA801's.
    """
    results = case.results
    settings = {name: setting_key(results, name, e) for name, e in results.evaluations.items()}
    printed: defaultdict[object, list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        if not _is_of_the_attack(placed.claim):
            continue
        quantity, attack = quantity_key(placed.claim), attack_key(results, placed)
        if quantity is None or attack is None:
            continue
        same, setting = printed[attack, quantity], settings[placed.evaluation_id]
        other = next((p for p in same if settings[p.evaluation_id] != setting), None)
        if other is not None and differ(other.claim, placed.claim):
            yield _hit(other, placed)
        same.append(placed)


def _is_of_the_attack(claim: Claim) -> bool:
    is_of_base = claim.metric == "attacked_accuracy" and claim.classifier == "base"
    return is_of_base or claim.metric == "adversarial_count"


def _hit(other: Matched, placed: Matched) -> Hit:
    message = (
        f"expected {other.claim.value} as in {other.evaluation_id}, where the same attack saw the "
        f"same network, found {placed.claim.value}"
    )
    evidence = {"other": other.pointer, "other_value": str(other.claim.value)}
    return Hit(f"{placed.pointer}/value", message, dict(evidence))
