"""A radius is larger than the draws can certify.

Why
---
With n draws and error probability alpha no example can be certified beyond the radius of a
unanimous vote, whatever the network. A larger radius, or a positive certified accuracy beyond it,
was made with other settings; where one explains every radius of the sampling, the finding names
it with the chance that made-up numbers would fit it as well.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": ".0081", "value": "1.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007046"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "85.09"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": ".0081", "value": "0.00", "unit": "percent"},
       {"metric": "certified_accuracy", "at_radius": ".0079", "value": "1.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007046"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "85.09"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2; the ceiling is sigma Phi^-1(alpha^(1/n)).
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._quantity import interval_of
from repaudit.rules._radius import largest_radius, settings_of
from repaudit.rules._radius_faults import weaker
from repaudit.rules._radius_words import hits_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim
from repaudit.statistics.certificate import n_needed

ROUNDED = 5e-4
"""Relative distance above the ceiling at which a threshold may be the ceiling, rounded."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047", "RA107"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every radius above the ceiling, and every share certified at one."""
    yield from hits_of(case, "RA101")
    for placed in every_claim(case.results):
        ceiling = _ceiling(case.results, placed)
        if ceiling is not None and _is_positive(placed.claim):
            yield from _beyond(case, placed, ceiling)


def _ceiling(results: Results, placed: Matched) -> float | None:
    evaluation = placed.evaluation
    if not isinstance(evaluation, Certification) or placed.claim.at_radius is None:
        return None
    return largest_radius(results, evaluation)


def _is_positive(claim: Claim) -> bool:
    """Whether a share is above zero under every reading of its digits."""
    interval = interval_of(claim)
    return interval is not None and interval[0] > 0


def _beyond(case: Case, placed: Matched, ceiling: float) -> Iterator[Hit]:
    threshold, evaluation = placed.claim.at_radius, placed.evaluation
    assert threshold is not None
    assert isinstance(evaluation, Certification)
    radius = float(threshold)
    if radius <= ceiling:
        return
    setting = settings_of(case.results.sampling[evaluation.sampling])[0]
    try:
        needed: int | None = n_needed(radius / float(evaluation.sigma), setting.alpha)
    except ValueError:  # so far out that no number of draws reaches it
        needed = None
    message = (
        f"expected nothing certified beyond {ceiling:.7g}, "
        f"found {placed.claim.value} at radius {threshold}"
    )
    rounded = Severity.WARNING if radius <= ceiling * (1.0 + ROUNDED) else Severity.ERROR
    severity, certainty = weaker(case, placed, rounded)
    evidence = {"ceiling": ceiling, "n": setting.n, "n_needed": needed}
    yield Hit(placed.pointer, message, dict(evidence), severity, certainty)
