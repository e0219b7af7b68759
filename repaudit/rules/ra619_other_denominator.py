"""An attack success rate is not over the examples that it names.

Why
---
310 of 377 examples that the network gets right is 82.2 %; 310 of all 400 is 77.5 %; and where an
example that it gets wrong anyway counts as a success, it is 83.3 %. A rate that fits the counts
beside it only over another denominator is labelled wrongly.

Bad
---
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "repaudit", "steps": 40}},
     "evaluations": {"attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "0.9425",
          "unit": "fraction"},
        {"metric": "attacked_accuracy", "classifier": "base", "value": "0.1675",
         "unit": "fraction"},
        {"metric": "adversarial_count", "value": "310"},
        {"metric": "attack_success_rate", "population": "correct", "value": "0.7750",
         "unit": "fraction"}]}}}

Good
----
    {"attacks": {"pgd": {"name": "pgd", "target": "base", "objective": "max_loss",
       "library": "repaudit", "steps": 40}},
     "evaluations": {"attacked": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["pgd"], "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "0.9425",
          "unit": "fraction"},
        {"metric": "attacked_accuracy", "classifier": "base", "value": "0.1675",
         "unit": "fraction"},
        {"metric": "adversarial_count", "value": "310"},
        {"metric": "attack_success_rate", "population": "all", "value": "0.7750",
         "unit": "fraction"}]}}}

References
----------
robust-ml.org counts every example, misclassified ones as successes; most papers count those the
network gets right.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.rules._attacked import ATTACKED, CLEAN, Row, attack_rows
from repaudit.rules._counts import Range, Read, minus, severity_of
from repaudit.rules._quantity import Interval, interval_of
from repaudit.rules._rule import Case, Hit, rule

RATE = "attack_success_rate"
OTHER = {"all": "correct", "correct": "all"}


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every success rate that the counts beside it exclude."""
    for row in attack_rows(case.results):
        for placed in _rates(row):
            yield from _excluded(row, placed)


def _rates(row: Row) -> Iterator[Matched]:
    """Yield the success rates against the bare network; a defence makes their victim unclear."""
    if row.evaluation.defence is None:
        checkpoint = next(iter(row.claims.values())).claim.checkpoint
        name = next(iter(row.claims.values())).evaluation_id
        for index, claim in enumerate(row.evaluation.claims):
            if claim.metric == RATE and claim.checkpoint == checkpoint:
                yield Matched(name, row.evaluation, index, claim)


def _excluded(row: Row, placed: Matched) -> Iterator[Hit]:
    population = str(placed.claim.population)
    if population not in OTHER:
        return
    severity = severity_of(partial(_fits, row, placed, population), Severity.WARNING)
    if severity is not None:
        other = OTHER[population]
        explained = _fits(row, placed, other, interval_of)
        found = f"one over {other}" if explained else "one that no denominator gives"
        message = f"expected the success rate over {population} examples, found {found}"
        evidence = {"explained_by": other if explained else None}
        yield Hit(f"{placed.pointer}/value", message, dict(evidence), severity)


def _fits(row: Row, placed: Matched, population: str, read: Read) -> bool:
    interval = read(placed.claim)
    possible = list(_possible(row, population, read))
    if interval is None or not possible:
        return True
    return any(low <= interval[1] and high >= interval[0] for low, high in possible)


def _possible(row: Row, population: str, read: Read) -> Iterator[Interval]:
    """Yield the rates that the counts of a row give over a population."""
    turned, right = row.adversarial(read), row.right(CLEAN, "base", read)
    left = row.right(ATTACKED, "base", read)
    every = (row.examples, row.examples)
    successes = [turned] if turned is not None else []
    if right is not None and left is not None:
        successes.append(minus(right, left))
    over = every if population == "all" else right
    for count in successes:
        if over is not None and over[0] > 0:
            yield _ratio(count, over)
    if population == "all" and left is not None:
        yield _ratio(minus(every, left), every)


def _ratio(count: Range, over: Range) -> Interval:
    return Fraction(max(count[0], 0), over[1]), Fraction(max(count[1], 0), over[0])
