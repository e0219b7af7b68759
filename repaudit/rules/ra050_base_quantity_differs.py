"""A number of the undefended network changes with the defence.

Why
---
How many examples the bare network gets right does not depend on what is put around it, or done
to its input, afterwards. A value that changes from row to row comes from another network. (How
many of them an attack turns is RA605's.)

Bad
---
    {"evaluations": {"spoken-words": {"claims": [{"metric": "clean_accuracy",
         "classifier": "base", "value": "94.00",
         "unit": "percent"},
        {"metric": "certified_radius",
         "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor",
         "value": ".007996"},
        {"metric": "certified_snr",
         "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil",
         "value": "83.99"}]},
      "clean": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy",
         "classifier": "base", "value": "94.25",
         "unit": "percent"}]}}}

Good
----
    {"evaluations": {"clean": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [],
       "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "94.25",
         "unit": "percent"}]}}}

References
----------
The results file: a base accuracy belongs to its data, model and pipeline, so that a merged table
cell is one evaluation without attacks.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.rules._base import clean_key
from repaudit.rules._quantity import differ, quantity_key
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import setting_key
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each clean accuracy of the bare network that differs from an earlier one.

    Two evaluations of one setting are RA801's.
    """
    results = case.results
    settings = {name: setting_key(results, name, e) for name, e in results.evaluations.items()}
    printed: defaultdict[object, list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        if placed.claim.metric != "clean_accuracy" or placed.claim.classifier != "base":
            continue
        quantity, network = quantity_key(placed.claim), clean_key(results, placed.evaluation)
        if quantity is None or network is None:
            continue
        same = printed[network, quantity]
        other = next((p for p in same if differ(p.claim, placed.claim)), None)
        if other is not None and settings[other.evaluation_id] != settings[placed.evaluation_id]:
            yield _hit(other, placed)
        same.append(placed)


def _hit(other: Matched, placed: Matched) -> Hit:
    message = (
        f"expected {other.claim.value} as in {other.evaluation_id}, a number of the network alone, "
        f"found {placed.claim.value}"
    )
    evidence = {"other": other.pointer, "other_value": str(other.claim.value)}
    return Hit(f"{placed.pointer}/value", message, dict(evidence))
