"""A finite SNR statistic where too many examples have no certificate.

Why
---
An example that abstains, and over ``all`` a wrong one, has R = 0: its SNR is infinite. One of
them makes the mean, the maximum and the standard deviation over ``all`` infinite. A finite number
there is over other examples than it says.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "mean", "population": "all",
        "value": "84.75"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "mean", "population": "certified",
        "value": "84.75"}]}}}

References
----------
The results file: in a median over ``all`` an abstention ranks last.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim

OF_EVERY_RUN = (None, "mean", "pooled")
"""Ways of combining runs under which one infinite run makes the whole infinite."""
NEEDS_EVERY_EXAMPLE = ("mean", "max", "std")
RATES = ("certified_wrong_rate", "abstention_rate")


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every finite SNR over all examples that another claim makes infinite."""
    for placed in every_claim(case.results):
        claim = placed.claim
        of_all = claim.metric == "certified_snr" and claim.population == "all"
        is_finite = claim.statistic in NEEDS_EVERY_EXAMPLE and claim.value is not None
        if not of_all or not is_finite or claim.across not in OF_EVERY_RUN:
            continue
        for other in placed.evaluation.claims:
            same_runs = other.checkpoint == claim.checkpoint and other.across in OF_EVERY_RUN
            severity = _severity(other) if same_runs else None
            if severity is not None:
                yield _hit(placed, other, severity)
                break


def _severity(other: Claim) -> Severity | None:
    def admits_all(read: Read) -> bool:
        printed = read(other)
        if printed is None:
            return True
        if other.metric in RATES:
            return printed[0] <= 0
        return not _is_certified_at_zero(other) or printed[1] >= 1

    return severity_of(admits_all, Severity.ERROR)


def _is_certified_at_zero(other: Claim) -> bool:
    is_zero = other.at_radius is not None and other.at_radius.value == 0
    return other.metric == "certified_accuracy" and is_zero


def _hit(placed: Matched, other: Claim, severity: Severity) -> Hit:
    message = (
        f"expected no finite {placed.claim.statistic} of the SNR over all examples beside "
        f"{other.metric} {other.value}, found {placed.claim.value}"
    )
    evidence = {"other_metric": other.metric, "other_value": str(other.value)}
    return Hit(f"{placed.pointer}/value", message, {**evidence}, severity)
