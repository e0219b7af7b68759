"""No whole number of recovered examples prints as the defence rate.

Why
---
A defence rate is the share of the adversarial examples that the defended network gets right: a
whole number D out of another one, A, that stands beside it. Most printed values are no D/A. And
only examples that the network got right can become adversarial, so that A is at most their
number.

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
        {"metric": "defence_rate", "value": "0.950", "unit": "fraction"}]}}}

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
        {"metric": "defence_rate", "value": "0.952", "unit": "fraction"}]}}}

References
----------
Brown and Heathers 2017, the GRIM test: which means of whole numbers are possible.
"""

from collections.abc import Iterator
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attacked import CLEAN, Row, attack_rows
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every defence rate that no count gives, every count above the examples there are."""
    for row in attack_rows(case.results):
        yield from _rate(row)
        yield from _too_many(row)


def _rate(row: Row) -> Iterator[Hit]:
    rate, turned = row.claim("defence_rate"), row.adversarial(interval_of)
    if rate is None or rate.claim.value is None or turned is None:
        return
    if turned == (0, 0):
        message = "expected no defence rate without adversarial examples, found one"
        yield Hit(f"{rate.pointer}/value", message)
        return
    severity = severity_of(partial(_is_attainable, row), Severity.ERROR)
    if severity is not None:
        of = f"the {turned[1]} adversarial examples"
        message = f"expected a whole number of {of}, found {rate.claim.value}"
        yield Hit(f"{rate.pointer}/value", message, {"adversarial": turned[1]}, severity)


def _too_many(row: Row) -> Iterator[Hit]:
    placed = row.claim("adversarial_count")
    severity = severity_of(partial(_has_room, row), Severity.ERROR)
    if placed is not None and severity is not None:
        right = row.right(CLEAN, "base", interval_of) or (0, row.examples)
        message = (
            f"expected at most {right[1]} adversarial examples, those the network gets right, "
            f"found {placed.claim.value}"
        )
        yield Hit(f"{placed.pointer}/value", message, {"right": right[1]}, severity)


def _is_attainable(row: Row, read: Read) -> bool:
    return row.defended(read) is not None


def _has_room(row: Row, read: Read) -> bool:
    turned, right = row.adversarial(read), row.right(CLEAN, "base", read)
    return turned is None or turned[0] <= (row.examples if right is None else right[1])
