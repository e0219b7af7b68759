"""So many examples that some certificates are expected to be wrong.

Why
---
The error probability alpha holds for each example. Over N examples alpha N certificates may be
wrong on average, so a certified accuracy is no statement about all of them at once: that takes
alpha / N per example, or a bound on how many can be wrong.

Bad
---
    {"data": {"test-set": {"examples": 5000}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.24", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007046"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "85.09"}]}}}

Good
----
    {"data": {"test-set": {"examples": 400}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007046"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "85.09"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, appendix B: high-probability certified accuracy (Bernstein).
"""

from collections.abc import Iterator
from math import log, sqrt

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import checkpoints_of

RHO = 0.001
"""Probability that the corrected accuracy in the evidence fails."""


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every certification of which at least one certificate per run is expected wrong."""
    for name, evaluation in case.results.evaluations.items():
        if not isinstance(evaluation, Certification) or not evaluation.claims:
            continue
        alpha = case.results.sampling[evaluation.sampling].alpha
        examples = _examples(case.results, evaluation)
        if not isinstance(alpha, Real) or examples is None or alpha.value * examples < 1:
            continue
        yield _hit(name, float(alpha), examples)


def _examples(results: Results, evaluation: Certification) -> int | None:
    """Return the examples of the largest run; None when they are not known."""
    data = results.data[evaluation.data]
    folds = [checkpoint.test_fold for checkpoint in checkpoints_of(results, evaluation)]
    if folds and all(fold is not None for fold in folds):
        sizes = [size for fold, size in (data.folds or {}).items() if fold in folds]
        return max(sizes, default=None)
    return data.examples if isinstance(data.examples, int) else None


def _hit(name: str, alpha: float, examples: int) -> Hit:
    expected = alpha * examples
    slack = alpha + sqrt(alpha * (1.0 - alpha) * log(1.0 / RHO) / examples)
    slack += log(1.0 / RHO) / (3.0 * examples)
    evidence = {
        "alpha": alpha,
        "examples": examples,
        "expected_wrong": round(expected, 4),
        "all_valid": float(f"{(1.0 - alpha) ** examples:.3g}"),
        "accuracy_correction_points": round(100.0 * slack, 3),
    }
    message = f"expected up to {expected:.3g} of {examples} certificates wrong per run"
    return Hit(pointer_of(["evaluations", name, "sampling"]), message, dict(evidence))
