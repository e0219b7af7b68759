"""One quantity under one setting has two values.

Why
---
Two tables that repeat a setting repeat its numbers, whatever the setting is called in each. When
they differ, one is wrong, or they come from two runs, and then each needs to say so. Between two
random runs a difference is only worth a note: how large an honest one can be depends on more than
is printed.

Bad
---
    {"evaluations": {"clean": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "94.00",
         "unit": "percent"}]},
      "clean-again": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "94.25",
         "unit": "percent"}]}}}

Good
----
    {"evaluations": {"clean": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "94.25",
         "unit": "percent"}]},
      "clean-again": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "94.3",
         "unit": "percent"}]}}}

References
----------
Brown and Heathers 2017, the GRIM test; Nuijten et al. 2016, statcheck.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._quantity import differ, quantity_key
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import seeds_of, setting_key
from repaudit.rules._walk import every_claim

DEPENDS_ON_THE_MACHINE = {"inference_time"}
ARITHMETIC = 1e-3
"""Relative difference of an aliasing measure between two machines (standard, section 6)."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each claim that differs from an earlier one of the same quantity and setting."""
    results = case.results
    keys = {name: setting_key(results, name, e) for name, e in results.evaluations.items()}
    printed: defaultdict[object, list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        quantity = quantity_key(placed.claim)
        if quantity is None or placed.claim.metric in DEPENDS_ON_THE_MACHINE:
            continue
        same = printed[keys[placed.evaluation_id], quantity]
        other = next((p for p in same if differ(p.claim, placed.claim)), None)
        if other is not None:
            yield _hit(results, other, placed)
        same.append(placed)


def _hit(results: Results, other: Matched, placed: Matched) -> Hit:
    message = (
        f"expected {other.claim.value} as in {other.evaluation_id}, the same setting, "
        f"found {placed.claim.value}"
    )
    evidence = {"other": other.pointer, "other_value": str(other.claim.value)}
    is_material = not _is_of_floats(placed) or _relative_gap(other, placed) > ARITHMETIC
    repeatable = _is_repeatable(results, placed) and _is_repeatable(results, other)
    if repeatable and is_material:
        return Hit(f"{placed.pointer}/value", message, dict(evidence))
    return Hit(f"{placed.pointer}/value", message, dict(evidence), Severity.NOTE, Certainty.HINT)


def _is_of_floats(placed: Matched) -> bool:
    return isinstance(placed.evaluation, Aliasing)


def _relative_gap(one: Matched, other: Matched) -> float:
    first, second = one.claim.value, other.claim.value
    assert first is not None  # two claims without values do not differ
    assert second is not None
    largest = max(abs(first.value), abs(second.value))
    return float(abs(first.value - second.value) / largest) if largest else 0.0


def _is_repeatable(results: Results, placed: Matched) -> bool:
    """Whether a second run gives the same number: nothing random, or every seed given."""
    is_base = placed.claim.metric == "clean_accuracy" and placed.claim.classifier == "base"
    seeds = seeds_of(results, placed.evaluation).values()
    counted_alike = getattr(placed.evaluation, "reevaluated", None) != "unstated"
    is_fixed = is_base or placed.claim.metric == "samples_per_input"
    return is_fixed or (None not in seeds and counted_alike)
