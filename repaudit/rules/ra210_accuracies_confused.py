"""Accuracies of different classifiers stand for one another.

Why
---
The network on clean input, the network under noise, the smoothed classifier and its certified part
have four accuracies, and the gap between them is what smoothing costs. A column or a sentence that
selects more than one kind without naming them compares different things; and where no noise is
added there is no smoothed classifier.

Bad
---
    {"evaluations": {"clean": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [], "claims": [
       {"metric": "clean_accuracy", "value": "94.25", "unit": "percent",
        "classifier": "base"}]}},
     "tables": {"accuracies": {"caption": "Accuracy",
       "rows": [{"label": "certified", "select": {"evaluation": "spoken-words"}},
        {"label": "clean", "select": {"evaluation": "clean"}}],
       "columns": [{"label": "accuracy",
         "select": {"metric": ["certified_accuracy", "clean_accuracy"]}}]}}}

Good
----
    {"evaluations": {"clean": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": [], "claims": [
       {"metric": "clean_accuracy", "value": "94.25", "unit": "percent",
        "classifier": "base"}]}},
     "tables": {"accuracies": {"caption": "Accuracy",
       "rows": [{"label": "certified", "select": {"metric": "certified_accuracy"}},
        {"label": "clean, base", "select": {"metric": "clean_accuracy", "classifier": "base"}}],
       "columns": [{"label": "accuracy", "select": {"data": "test-set"}}]}}}

References
----------
The standard, section 2; the results file, section 11.
"""

from collections.abc import Iterable, Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Empirical
from repaudit.contract.matching import Matched, matching_claims
from repaudit.rules._columns import Cell, columns_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._selects import asserts_of, parts_of
from repaudit.rules._walk import every_claim

CLEAN = ("clean_accuracy", "noisy_accuracy", "certified_accuracy")
"""Accuracies without an attack; behind one, the attack is named by its evaluation."""


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each mix of accuracies, and each smoothed accuracy without noise."""
    for pointer, cells in columns_of(case.results):
        yield from _mixed(pointer, (cell.placed for cell in cells if not _is_named(cell)))
    for pointer, _, claimed in asserts_of(case.results):
        for key, select in parts_of(claimed):
            yield from _mixed(f"{pointer}/{key}", matching_claims(case.results, select))
    for placed in every_claim(case.results):
        if isinstance(placed.evaluation, Empirical) and placed.claim.classifier == "smoothed":
            message = "expected the base or the defended classifier where no noise is added"
            yield Hit(f"{placed.pointer}/classifier", f"{message}, found smoothed")


def _is_named(cell: Cell) -> bool:
    """Whether the row says which accuracy it shows."""
    needs_classifier = cell.placed.claim.metric == "clean_accuracy"
    return cell.says("metric") and (cell.says("classifier") or not needs_classifier)


def _mixed(pointer: str, placed: Iterable[Matched]) -> Iterator[Hit]:
    kinds = {_kind(match) for match in placed if match.claim.metric in CLEAN}
    if len(kinds) > 1:
        found = " and ".join(sorted(kinds))
        yield Hit(pointer, f"expected one kind of accuracy, found {found}", {"kinds": found})


def _kind(match: Matched) -> str:
    words = match.claim.metric.replace("_", " ")
    classifier = match.claim.classifier
    return f"{words} of the {classifier} classifier" if classifier is not None else words
