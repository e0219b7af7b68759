"""A share is no share: outside 0 to 100 %, or a fraction that is called a percentage.

Why
---
A share of the examples lies between none and all of them. A clean accuracy of .92 % on four
classes is far below what guessing gives and is most likely the fraction .92 with the wrong unit;
that is a warning, because a network may be that bad, and rates of abstention or of certified
errors are often that small.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "noisy_accuracy", "value": "101.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "noisy_accuracy", "value": "100.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
The results file, section 11: percent or fraction stands beside every share.
"""

from collections.abc import Iterator
from fractions import Fraction

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._definition import DEFINITIONS
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim

ABOVE_CHANCE = {"clean_accuracy", "noisy_accuracy"}
"""Accuracies that no abstention and no attack lowers."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every share outside 0..1, and every accuracy that reads like a fraction."""
    for placed in every_claim(case.results):
        definition = DEFINITIONS.get(placed.claim.metric)
        if definition is None or definition.type != "proportion":
            continue
        outside = _severity(placed.claim)
        if outside is not None:
            found = f"{placed.claim.value} {placed.claim.unit}"
            message = f"expected a share between none and all of the examples, found {found}"
            yield Hit(f"{placed.pointer}/value", message, {}, outside)
        elif _is_fraction(case.results, placed):
            message = f"expected an accuracy above chance, found {placed.claim.value} percent"
            where = f"{placed.pointer}/unit"
            yield Hit(where, f"{message}, a fraction?", {}, Severity.WARNING, Certainty.LIKELY)


def _severity(claim: Claim) -> Severity | None:
    def within(read: Read) -> bool:
        interval = read(claim)
        return interval is None or (interval[1] >= 0 and interval[0] <= 1)

    return severity_of(within, Severity.ERROR)


def _is_fraction(results: Results, placed: Matched) -> bool:
    """Whether a percentage is below chance although the same digits as a fraction are above."""
    claim, classes = placed.claim, results.data[placed.evaluation.data].classes
    if claim.unit != "percent" or claim.value is None or classes == "unstated":
        return False
    digits, chance = claim.value.value, Fraction(1, classes)
    return claim.metric in ABOVE_CHANCE and digits / 100 < chance < digits <= 1
