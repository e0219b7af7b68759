"""A share is no whole number of examples divided by their number.

Why
---
Of 400 examples a classifier gets 369 right, or 370: 92.25 % or 92.50 %, never 92.30 %. The mean
over S runs of N examples is a whole number divided by S N, over runs of unequal size by S times
their least common multiple. A printed share that no such number rounds to was computed on other
examples, over another number of runs, or not at all.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.30", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.3", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Brown and Heathers 2017, The GRIM test.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._quantity import SCALE, interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._shares import attainable, denominators, is_share, share
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every share that no count gives; one outside 0..1 has a rule of its own."""
    for placed in every_claim(case.results):
        if is_share(placed.claim) and share(placed.claim, interval_of) is not None:
            divisors = denominators(case.results, placed)
            bad = _severity(placed.claim, divisors) if divisors else None
            if bad is not None:
                yield _hit(placed, divisors, bad)


def _severity(claim: Claim, divisors: tuple[int, ...]) -> Severity | None:
    def fits(read: Read) -> bool:
        printed = share(claim, read)
        return printed is not None and attainable(printed, divisors) is not None

    return severity_of(fits, Severity.ERROR)


def _hit(placed: Matched, divisors: tuple[int, ...], severity: Severity) -> Hit:
    value = placed.claim.value
    assert value is not None  # what is not printed fits anything
    scale = SCALE.get(placed.claim.unit or "", Fraction(1))
    counts = [(value.value * scale * divisor, divisor) for divisor in divisors]
    below = max(Fraction(floor(count), divisor) for count, divisor in counts) / scale
    above = min(Fraction(ceil(count), divisor) for count, divisor in counts) / scale
    message = (
        f"expected a multiple of 1/{divisors[-1]}, the nearest {float(below):.8g} "
        f"and {float(above):.8g}, found {value}"
    )
    evidence = {"divisor": divisors[-1], "below": float(below), "above": float(above)}
    return Hit(f"{placed.pointer}/value", message, {**evidence}, severity)
