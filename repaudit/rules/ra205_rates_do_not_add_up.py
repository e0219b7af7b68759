"""Certified correctly, certified wrongly and abstained do not add up to all examples.

Why
---
Every example is one of the three, so their shares add up to 1, and two of them to at most 1. The
sum is taken over the whole counts that print as these digits, so that rounding is no excuse.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_wrong_rate", "value": "5.00", "unit": "percent"},
       {"metric": "abstention_rate", "value": "3.00", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.3", "unit": "percent"},
       {"metric": "certified_wrong_rate", "value": "5.0", "unit": "percent"},
       {"metric": "abstention_rate", "value": "2.8", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
The standard, section 2: the three partition the examples.
"""

from collections.abc import Iterator
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import exact_share
from repaudit.rules._views import ADDITIVE, View, views


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each set of two or three rates that no partition of the examples has."""
    for view in views(case.results):
        parts = _parts(view) if view.combined in ADDITIVE else []
        if len(parts) < 2:
            continue
        bad = severity_of(partial(_adds_up, case.results, parts), Severity.ERROR)
        if bad is not None:
            total = "all examples" if len(parts) == 3 else "at most all examples"
            sum_of = " + ".join(str(placed.claim.value) for placed in parts)
            message = f"expected shares of {total} together, found {sum_of}"
            evidence = {placed.claim.metric: placed.pointer for placed in parts}
            yield Hit(f"{parts[-1].pointer}/value", message, {**evidence}, bad)


def _parts(view: View) -> list[Matched]:
    at_zero = [placed for radius, placed in view.certified("at_radius") if radius == 0]
    others = [view.find("certified_wrong_rate"), view.find("abstention_rate")]
    return at_zero + [placed for placed in others if placed is not None]


def _adds_up(results: Results, parts: list[Matched], read: Read) -> bool:
    shares = [exact_share(results, placed, read) for placed in parts]
    known = [share for share in shares if share is not None]
    if len(known) < len(parts):
        return True
    least, most = sum(low for low, _ in known), sum(high for _, high in known)
    return least <= 1 and (len(parts) < 3 or most >= 1)
