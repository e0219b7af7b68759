"""A number of the undefended network changes with the defence.

Why
---
How many examples the bare network gets right, and how many of them an attack on it turns, does
not depend on what is put around it afterwards. A value that changes from row to row comes from
another attack run or another network.

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
Post-averaging, tables 1 and 2: the count of adversarial examples beside each defence.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification, Empirical
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._quantity import differ, quantity_key
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import Key, attacked_key, content, data_key, model_key, setting_key
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each number of the bare network that differs from an earlier one.

    Two evaluations of one setting are RA801's. An attack is run anew with another random start,
    so that behind one a difference is a warning.
    """
    results = case.results
    settings = {name: setting_key(results, name, e) for name, e in results.evaluations.items()}
    printed: defaultdict[object, list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        quantity, base = quantity_key(placed.claim), _base_key(results, placed)
        if quantity is None or base is None:
            continue
        same = printed[base, quantity]
        other = next((p for p in same if differ(p.claim, placed.claim)), None)
        if other is not None and settings[other.evaluation_id] != settings[placed.evaluation_id]:
            yield _hit(other, placed)
        same.append(placed)


def _hit(other: Matched, placed: Matched) -> Hit:
    message = (
        f"expected {other.claim.value} as in {other.evaluation_id}, a number of the network alone, "
        f"found {placed.claim.value}"
    )
    is_clean = placed.claim.metric == "clean_accuracy"
    return Hit(
        f"{placed.pointer}/value",
        message,
        {"other": other.pointer, "other_value": str(other.claim.value)},
        None if is_clean else Severity.WARNING,
        None if is_clean else Certainty.LIKELY,
    )


def _base_key(results: Results, placed: Matched) -> Key | None:
    """Return what a number of the bare network depends on; None for any other number."""
    claim, evaluation = placed.claim, placed.evaluation
    network = (data_key(results, evaluation.data), model_key(results, evaluation))
    if claim.metric == "clean_accuracy" and claim.classifier == "base":
        pipeline = _clean_pipeline(results, placed)
        return None if pipeline is None else (*network, pipeline)
    is_attacked = claim.metric == "attacked_accuracy" and claim.classifier == "base"
    if not isinstance(evaluation, Empirical) or not (
        is_attacked or claim.metric == "adversarial_count"
    ):
        return None
    if any(results.attacks[name].target != "base" for name in evaluation.attacks):
        return None
    pipeline = content(evaluation.pipeline, results.pipelines[evaluation.pipeline])
    return (*network, pipeline, *attacked_key(results, placed.evaluation_id, evaluation))


def _clean_pipeline(results: Results, placed: Matched) -> str | None:
    """Return the pipeline of a clean example; None where a transform is part of the classifier."""
    evaluation = placed.evaluation
    if isinstance(evaluation, Empirical):
        name = evaluation.pipeline
    elif isinstance(evaluation, Certification):
        contract = results.contracts[evaluation.contract]
        name = contract.pipeline
        if contract.transform:
            return None
    else:
        return None
    return content(name, results.pipelines[name])
