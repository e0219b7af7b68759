"""So few draws that nothing can be certified, or the two numbers of draws look swapped.

Why
---
A certificate exists only when even a unanimous vote is unlikely at one half: n draws certify
nothing unless alpha^(1/n) exceeds 1/2, which takes 10 draws at alpha = 0.001. The few draws that
select the class are no help, and more of them than of those that certify is mostly a swap.

Bad
---
    {"sampling": {"monte-carlo": {"n0": 5, "n": 9}}}

Good
----
    {"sampling": {"monte-carlo": {"n0": 100, "n": 10000}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, section 3.2.2; locuslab/smoothing, issue 8.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.sampling import Sampling
from repaudit.rules._quantity import interval_of
from repaudit.rules._radius import settings_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.statistics.certificate import n_needed

POSITIVE = ("certified_accuracy", "certified_wrong_rate", "certified_radius")


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every budget that certifies nothing, and every one with more n0 than n."""
    for name, sampling in case.results.sampling.items():
        base = pointer_of(["sampling", name])
        settings = settings_of(sampling)
        if settings and max(setting.ceiling for setting in settings) <= 0.0:
            message = f"expected so many draws that some vote certifies, found {sampling.n}"
            severity = Severity.ERROR if _is_used(case.results, name) else Severity.WARNING
            exact = n_needed(0.0, settings[0].alpha)
            yield Hit(f"{base}/n", message, {"n_of_exact_bound": exact}, severity)
        elif _looks_swapped(sampling):
            message = f"expected fewer selection draws than the {sampling.n} that certify"
            found = f"{message}, found {sampling.n0}"
            yield Hit(f"{base}/n0", found, {}, Severity.WARNING, Certainty.LIKELY)


def _looks_swapped(sampling: Sampling) -> bool:
    n0, n = sampling.n0, sampling.n
    return isinstance(n0, int) and isinstance(n, int) and n0 > n


def _is_used(results: Results, name: str) -> bool:
    """Whether a certification with this budget claims that anything is certified."""
    return any(
        (interval := interval_of(claim)) is not None and interval[0] > 0
        for evaluation in results.evaluations.values()
        if isinstance(evaluation, Certification) and evaluation.sampling == name
        for claim in evaluation.claims
        if claim.metric in POSITIVE
    )
