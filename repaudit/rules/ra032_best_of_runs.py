"""The best of several runs, or one of them, is reported.

Why
---
The best of five seeds is better than any of them is expected to be, by about a standard deviation,
and was chosen on the test set. The same holds for the one seed of several that a table prints.
Reported beside the mean either is information; alone it is a choice.

Bad
---
    {"evaluations": {"spoken-words": {"repeats": 3, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "max"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"repeats": 3, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

References
----------
Bouthillier et al. 2021; Henderson et al. 2018, Deep reinforcement learning that matters.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.metrics.registry import metrics
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import checkpoints_of, every_claim

BEST = {"higher": "max", "lower": "min"}


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield each best-of, and each number of one network of several without that of all."""
    for family in _families(case.results):
        for placed in family:
            if _is_best(placed):
                message = "expected the mean or the median of the runs, found the best of them"
                yield Hit(f"{placed.pointer}/across", message, {"across": placed.claim.across})
        printed = {placed.claim.checkpoint for placed in family}
        trained = {network.id for network in checkpoints_of(case.results, family[0].evaluation)}
        left_out = trained - printed
        if None not in printed and left_out:
            missing = ", ".join(sorted(left_out))
            message = f"expected every network or all together, {missing} missing"
            yield Hit(f"{family[0].pointer}/checkpoint", message)


def _families(results: Results) -> Iterator[list[Matched]]:
    """Yield the claims of one quantity: over the runs, and of single networks."""
    families: defaultdict[object, list[Matched]] = defaultdict(list)
    for placed in every_claim(results):
        of_no_run = placed.claim.model_copy(update={"checkpoint": None})
        families[placed.evaluation_id, of_no_run.identity].append(placed)
    yield from families.values()


def _is_best(placed: Matched) -> bool:
    metric = metrics().get(placed.claim.metric)
    stronger = "higher" if metric is None else metric.stronger
    return placed.claim.across is not None and placed.claim.across == BEST.get(stronger)
