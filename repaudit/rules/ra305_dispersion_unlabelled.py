"""A dispersion that does not say what it is.

Why
---
Behind a plus-minus may stand a standard deviation, a standard error or half an interval, over
seeds, over folds or over both, with divisor S or S - 1. For three seeds these differ by a factor
of five, which no reader can undo.

Bad
---
    {"evaluations": {"spoken-words": {"repeats": 2, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean",
        "spread": {"value": "0.35", "statistic": "std", "over": "repeats"}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"repeats": 2, "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean",
        "spread": {"value": "0.35", "statistic": "std", "over": "repeats", "ddof": 1}},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

References
----------
Cumming, Fidler and Vaux 2007, Error bars in experimental biology.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Spread
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA042", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each dispersion with what it leaves open."""
    for placed in every_claim(case.results):
        missing = [] if placed.claim.spread is None else list(_missing(placed.claim.spread))
        if missing:
            message = f"expected what the dispersion is, {', '.join(missing)} not said"
            yield Hit(f"{placed.pointer}/spread", message, {"missing": ", ".join(missing)})


def _missing(spread: Spread) -> Iterator[str]:
    if spread.statistic == "unstated":
        yield "whether it is a deviation, a standard error or an interval"
    if spread.over == "unstated":
        yield "what it is over"
    # Over hundreds of examples the divisor does not show.
    is_deviation = spread.statistic in ("std", "sem") and spread.over != "examples"
    if is_deviation and not isinstance(spread.ddof, int):
        yield "its divisor (ddof)"
    if spread.statistic == "interval" and spread.level is None:
        yield "the level of the interval"
