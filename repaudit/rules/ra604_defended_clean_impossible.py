"""Defended accuracy on the clean set does not fit that on the attacked set.

Why
---
The examples that the attack left alone are the same in both sets, and a fixed defence gets the
same u of them right. The rest of the Y right on the clean set, v = Y - u, are the originals of
the adversarial examples: neither negative nor more than A. A defence that draws its directions
anew gets a few more or fewer right each time, so that only a difference beyond six standard
deviations of the luckiest draw is worth a warning.

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
        {"metric": "attacked_accuracy", "classifier": "defended", "value": "0.9375",
         "unit": "fraction"},
        {"metric": "clean_accuracy", "classifier": "defended", "value": "0.1900",
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
        {"metric": "attacked_accuracy", "classifier": "defended", "value": "0.9375",
         "unit": "fraction"},
        {"metric": "clean_accuracy", "classifier": "defended", "value": "0.2000",
         "unit": "fraction"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, section 4.2: the clean
and the attacked set.
"""

from collections.abc import Iterator
from functools import partial
from math import ceil, sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.results import Results
from repaudit.rules._attacked import CLEAN, Row, attack_rows, untouched
from repaudit.rules._counts import Range, Read, meets, minus, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule

FAR = 6
"""Standard deviations: a chance of 1e-9 (two independent draws, each of variance at most n/4)."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every clean accuracy of a defended network that the attacked set excludes."""
    for row in attack_rows(case.results):
        placed = row.claim(CLEAN, "defended")
        is_fixed = _is_fixed(case.results, row)
        worst = Severity.ERROR if is_fixed else Severity.WARNING
        severity = severity_of(partial(_fits, row, is_fixed), worst)
        found, turned = _originals(row, interval_of), row.adversarial(interval_of)
        if placed is None or severity is None or found is None or turned is None:
            continue
        nearest = found[1] if found[1] < 0 else found[0]
        of = "originals of adversarial examples"
        message = f"expected 0 to {turned[1]} {of} right, found {nearest}"
        evidence = {"originals_right": nearest, "adversarial": turned[1]}
        certainty = Certainty.PROVED if is_fixed else Certainty.LIKELY
        yield Hit(f"{placed.pointer}/value", message, dict(evidence), severity, certainty)


def _is_fixed(results: Results, row: Row) -> bool:
    """Whether an example meets the same directions whenever it is predicted."""
    defence = row.evaluation.defence
    return defence is not None and results.defences[defence].randomness in ("fixed", "per_example")


def _originals(row: Row, read: Read) -> Range | None:
    """Return v = Y - u; None where one of the two is not known."""
    right, same = row.right(CLEAN, "defended", read), untouched(row, read)
    turned = row.adversarial(read)
    if right is None or same is None or turned is None:
        return None
    most = row.examples - turned[0]
    if not meets(same, 0, most):  # RA603's
        return None
    return minus(right, (max(0, same[0]), min(most, same[1])))


def _fits(row: Row, is_fixed: bool, read: Read) -> bool:
    found, turned = _originals(row, read), row.adversarial(read)
    if found is None or turned is None:
        return True
    slack = 0 if is_fixed else ceil(FAR * sqrt((row.examples - turned[0]) / 2))
    return meets(found, -slack, turned[1] + slack)
