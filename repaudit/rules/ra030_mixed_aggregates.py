"""Numbers that are aggregated differently stand in one column, or do not say how.

Why
---
A mean and a median, a median over all examples and one over the certified ones, the mean over
seeds and the best of them are different numbers of the same thing. A column holds one kind, unless
its rows say which; a transcription that cannot say how a number was aggregated says so, and then
what rests on it cannot be checked.

Bad
---
    {"evaluations": {"more-noise": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo",
       "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "90.50", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "certified",
        "interpolation": "lower", "rounding": "floor", "value": ".015992"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "77.97"}]}},
     "tables": {"certificates": {"caption": "Certificates",
       "rows": [{"label": "less noise", "select": {"sigma": 0.0025}},
        {"label": "more noise", "select": {"sigma": 0.005}}],
       "columns": [{"label": "median radius", "select": {"metric": "certified_radius"}}]}}}

Good
----
    {"evaluations": {"more-noise": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo",
       "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "90.50", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".015992"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "77.97"}]}},
     "tables": {"certificates": {"caption": "Certificates",
       "rows": [{"label": "less noise", "select": {"sigma": 0.0025}},
        {"label": "more noise", "select": {"sigma": 0.005}}],
       "columns": [{"label": "median radius", "select": {"metric": "certified_radius"}}]}}}

References
----------
The results file, section 11: what identifies a claim.
"""

from collections import defaultdict
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._columns import columns_of
from repaudit.rules._rule import Case, Hit, rule

AGGREGATE = ("statistic", "population", "across")
NAMED_IN_ROWS = ("statistic", "population")


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA042", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each column that mixes aggregates, and each evaluation that leaves one open."""
    yield from _mixed(case.results)
    for name, evaluation in case.results.evaluations.items():
        open_ = [key for key in AGGREGATE for c in evaluation.claims if _is_open(c, key)]
        if open_:
            fields = ", ".join(dict.fromkeys(open_))
            message = f"expected how the numbers were aggregated, {fields} unstated"
            where = pointer_of(["evaluations", name, "claims"])
            yield Hit(where, message, {"unstated": fields, "claims": len(open_)})


def _is_open(claim: Claim, key: str) -> bool:
    return bool(getattr(claim, key) == "unstated")


def _mixed(results: Results) -> Iterator[Hit]:
    for pointer, cells in columns_of(results):
        for key in AGGREGATE:
            found: defaultdict[str, set[str]] = defaultdict(set)
            for cell in cells:
                value = getattr(cell.placed.claim, key)
                is_named = key in NAMED_IN_ROWS and cell.says(key)
                if value not in (None, "unstated") and not is_named:
                    found[cell.placed.claim.metric].add(value)
            for values in found.values():
                if len(values) > 1:
                    kinds = ", ".join(sorted(values))
                    yield Hit(pointer, f"expected one {key} in the column, found {kinds}")
