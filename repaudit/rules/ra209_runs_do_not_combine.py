"""A combined number, or its dispersion, is not that of the runs printed beside it.

Why
---
The mean over seeds is the mean of the numbers of the seeds, a pooled share weighs each fold by its
examples, the best is one of them. When a table prints the runs as well, the combined number and
its standard deviation can be computed from them.

Bad
---
    {"models": {"keyword-cnn": {"checkpoints": [{"id": "a", "seed": 0}, {"id": "b", "seed": 1}]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "across": "mean"},
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.00", "unit": "percent",
        "checkpoint": "a"},
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "checkpoint": "b"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

Good
----
    {"models": {"keyword-cnn": {"checkpoints": [{"id": "a", "seed": 0}, {"id": "b", "seed": 1}]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.1", "unit": "percent",
        "across": "mean"},
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.00", "unit": "percent",
        "checkpoint": "a"},
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent",
        "checkpoint": "b"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007996", "across": "pooled"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99", "across": "pooled"}]}}}

References
----------
Nuijten et al. 2016, statcheck: recomputing a number from those beside it.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from math import sqrt
from statistics import median

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._dispersion import deviation_of_values, divisors_of, printed_variance
from repaudit.rules._quantity import Interval
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._runs import Run, groups_of, runs_behind
from repaudit.rules._shares import exact_share, is_share
from repaudit.rules._walk import every_claim

NOTHING_KNOWN = (Fraction(0), Fraction(1))
"""The share of a run that is not printed."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each combined number and each dispersion that the printed runs do not give."""
    for whole, parts in _families(case.results):
        runs = runs_behind(case.results, whole)
        if runs is None or len({run.checkpoint.id for run in runs}) < len(runs):
            continue  # a number per network is one of several repeats, combined in its own way
        bad = severity_of(partial(_combines, case.results, whole, parts, runs), Severity.ERROR)
        if bad is not None:
            yield _hit(whole, "value", f"the {whole.claim.across} of", parts, bad)
        bad = severity_of(partial(_disperses, case.results, whole, parts, runs), Severity.ERROR)
        if bad is not None:
            yield _hit(whole, "spread", "a dispersion of", parts, bad)


Parts = dict[str, Matched]
"""The claim of each network."""


def _families(results: Results) -> Iterator[tuple[Matched, Parts]]:
    """Yield every number over several networks with those of the networks."""
    families: defaultdict[object, dict[str | None, Matched]] = defaultdict(dict)
    for placed in every_claim(results):
        of_no_run = placed.claim.model_copy(update={"checkpoint": None})
        key = (placed.evaluation_id, of_no_run.identity, of_no_run.interpolation)
        families[key].setdefault(placed.claim.checkpoint, placed)
    for family in families.values():
        whole = family.pop(None, None)
        parts = {name: placed for name, placed in family.items() if name is not None}
        if whole is not None and whole.claim.across is not None and parts:
            yield whole, parts


def _hit(whole: Matched, key: str, what: str, parts: Parts, severity: Severity) -> Hit:
    values = ", ".join(str(placed.claim.value) for placed in parts.values())
    spread = whole.claim.spread
    found = whole.claim.value if key == "value" or spread is None else spread.value
    message = f"expected {what} the runs printed beside it, {values}, found {found}"
    return Hit(f"{whole.pointer}/{key}", message, {"runs": values}, severity)


def _combines(results: Results, whole: Matched, parts: Parts, runs: list[Run], read: Read) -> bool:
    values = _values(results, whole, parts, runs, read)
    printed = _value(results, whole, read)
    if values is None or printed is None:
        return True
    expected = _combined(whole, values, [run.examples for run in runs])
    return expected is None or (printed[0] <= expected[1] and printed[1] >= expected[0])


def _value(results: Results, placed: Matched, read: Read) -> Interval | None:
    return exact_share(results, placed, read) if is_share(placed.claim) else read(placed.claim)


def _values(
    results: Results, whole: Matched, parts: Parts, runs: list[Run], read: Read
) -> list[Interval] | None:
    """Return the number of each run; ``None`` where one is neither printed nor bounded."""
    found = []
    for run in runs:
        part = parts.get(run.checkpoint.id)
        value = None if part is None else _value(results, part, read)
        if value is None and not is_share(whole.claim):
            return None
        found.append(value or NOTHING_KNOWN)
    return found


def _combined(whole: Matched, values: list[Interval], sizes: list[int]) -> Interval | None:
    """Return what the runs combine to; ``None`` where their numbers do not determine it."""
    claim = whole.claim
    lows, highs = [low for low, _ in values], [high for _, high in values]
    match claim.across:
        case "mean":
            return Fraction(sum(lows), len(lows)), Fraction(sum(highs), len(highs))
        case "median":
            return Fraction(median(lows)), Fraction(median(highs))
        case "min":
            return min(lows), min(highs)
        case "max":
            return max(lows), max(highs)
        case "pooled" if is_share(claim) or (
            claim.statistic == "mean" and claim.population == "all"
        ):
            weights = [Fraction(size, sum(sizes)) for size in sizes]
            low = sum(w * v for w, v in zip(weights, lows, strict=True))
            return Fraction(low), Fraction(sum(w * v for w, v in zip(weights, highs, strict=True)))
    return (min(lows), max(highs)) if is_share(claim) else None


def _disperses(results: Results, whole: Matched, parts: Parts, runs: list[Run], read: Read) -> bool:
    groups = groups_of(runs, whole.claim.spread.over) if whole.claim.spread else None
    values = _values(results, whole, parts, runs, read)
    is_complete = parts.keys() >= {run.checkpoint.id for run in runs}
    if groups is None or values is None or not is_complete or not 2 <= len(groups) == len(runs):
        return True
    printed = printed_variance(whole.claim, read, len(groups))
    if printed is None:
        return True
    low, high = sqrt(printed[0]), sqrt(printed[1])
    found = [deviation_of_values(values, ddof) for ddof in divisors_of(whole.claim)]
    return any(low <= most and high >= least for least, most in found)
