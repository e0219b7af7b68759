"""Attacked accuracy and the count of adversarial examples contradict each other.

Why
---
An attack replaces examples that the network gets right and leaves the others alone, so that what
it still gets right afterwards is what it got right before less the adversarial examples:
O = C - A, in whole examples. Fewer is impossible. More means that some adversarial examples are
classified correctly when they are fed to the network again. That is impossible where they were
counted only after such a second look, and otherwise says how many are unstable: stored in other
digits, found in another batch, or not adversarial at all.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40}},
     "evaluations": {"attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [
        {"metric": "clean_accuracy", "classifier": "base", "value": "0.9425",
         "unit": "fraction"},
        {"metric": "attacked_accuracy", "classifier": "base", "value": "0.1425",
         "unit": "fraction"},
        {"metric": "adversarial_count", "value": "310"}]}}}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "foolbox==3.3.4", "steps": 40}},
     "evaluations": {"attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [
        {"metric": "clean_accuracy", "classifier": "base", "value": "94.2",
         "unit": "percent"},
        {"metric": "attacked_accuracy", "classifier": "base", "value": "16.8",
         "unit": "percent"},
        {"metric": "adversarial_count", "value": "310"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, section 4.2; Foolbox
issues 145, 325 and 674: adversarial examples that are none when predicted again.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._attacked import ATTACKED, CLEAN, Row, attack_rows
from repaudit.rules._counts import Range, Read, loosely, minus
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every attacked accuracy of the bare network that the other two counts exclude."""
    for row in attack_rows(case.results):
        placed, excess = row.claim(ATTACKED, "base"), _excess(row, interval_of)
        if placed is not None and excess is not None and not excess[0] <= 0 <= excess[1]:
            where = f"{placed.pointer}/value"
            yield Hit(where, _message(excess), _evidence(row, excess), _severity(row, excess))


def _excess(row: Row, read: Read) -> Range | None:
    """Return O - (C - A); None where one of the three is not known, or A exceeds C (RA602)."""
    right, left = row.right(CLEAN, "base", read), row.right(ATTACKED, "base", read)
    turned = row.adversarial(read)
    if right is None or left is None or turned is None or turned[0] > right[1]:
        return None
    return minus(left, minus(right, turned))


def _severity(row: Row, excess: Range) -> Severity:
    loose = _excess(row, loosely)
    is_saved = loose is not None and loose[0] <= 0 <= loose[1]
    unstable = excess[0] > 0 and row.evaluation.reevaluated is not True
    return Severity.WARNING if is_saved or unstable else Severity.ERROR


def _message(excess: Range) -> str:
    nearest = excess[0] if excess[0] > 0 else excess[1]
    side = "more" if nearest > 0 else "fewer"
    return (
        "expected the examples right before the attack less the adversarial ones, "
        f"found {abs(nearest)} {side}"
    )


def _evidence(row: Row, excess: Range) -> dict[str, str | int | float | bool | None]:
    nearest = excess[0] if excess[0] > 0 else excess[1]
    return {"excess": nearest, "examples": row.examples}
