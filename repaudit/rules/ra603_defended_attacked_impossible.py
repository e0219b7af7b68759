"""Defended accuracy under attack does not fit the recovered examples.

Why
---
The attacked set holds A adversarial examples and the N - A that were left alone. Of the first, D
are recovered; what remains of the X that the defended network gets right, u = X - D, are
examples of the second kind, so that it is neither negative nor larger than N - A.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed", "seed": 0}},
     "evaluations": {"adaptive": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.1200",
         "unit": "fraction"}]},
      "attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "defence": "averaged",
       "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [
        {"metric": "adversarial_count", "value": "310"},
        {"metric": "defence_rate", "value": "0.952", "unit": "fraction"},
        {"metric": "attacked_accuracy", "classifier": "defended", "value": "0.7000",
         "unit": "fraction"}]}}}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit", "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed", "seed": 0}},
     "evaluations": {"adaptive": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.1200",
         "unit": "fraction"}]},
      "attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "defence": "averaged",
       "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [
        {"metric": "adversarial_count", "value": "310"},
        {"metric": "defence_rate", "value": "0.952", "unit": "fraction"},
        {"metric": "attacked_accuracy", "classifier": "defended", "value": "0.7375",
         "unit": "fraction"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, section 4.2: the
attacked set.
"""

from collections.abc import Iterator
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attacked import ATTACKED, Row, attack_rows, untouched
from repaudit.rules._counts import Read, meets, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every attacked accuracy of a defended network that its defence rate excludes."""
    for row in attack_rows(case.results):
        placed = row.claim(ATTACKED, "defended")
        severity = severity_of(partial(_fits, row), Severity.ERROR)
        if placed is None or severity is None:
            continue
        found, most = untouched(row, interval_of), _left_alone(row, interval_of)
        nearest = None if found is None else found[1] if found[1] < 0 else found[0]
        message = (
            f"expected 0 to {most} examples right among those that the attack left alone, "
            f"found {nearest}"
        )
        evidence = {"untouched_right": nearest, "untouched": most}
        yield Hit(f"{placed.pointer}/value", message, dict(evidence), severity)


def _fits(row: Row, read: Read) -> bool:
    found, most = untouched(row, read), _left_alone(row, read)
    return found is None or most is None or meets(found, 0, most)


def _left_alone(row: Row, read: Read) -> int | None:
    turned = row.adversarial(read)
    return None if turned is None else row.examples - turned[0]
