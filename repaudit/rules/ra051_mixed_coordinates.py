"""Numbers in different coordinates stand in one column or one comparison.

Why
---
A radius of .5 in log-mel is not larger than one of .008 on the waveform: they are lengths in
different spaces. So are their thresholds, their noise levels and their signal-to-noise ratios.
Shares compare, and radii pulled back to the recording do.

Bad
---
    {"contracts": {"log-mel": {"pipeline": "keyword-spotter", "object": "feature",
       "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "log_mel",
        "dtype": "float32"},
       "scale": ["certified_radius"]}},
     "evaluations": {"spoken-words-log-mel": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "log-mel", "sigma": 0.5,
       "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median",
         "population": "all", "value": "1.60"}]}},
     "tables": {"certificates": {"caption": "Certificates",
       "rows": [{"label": "waveform", "select": {"contract": "waveform"}},
        {"label": "log-mel", "select": {"contract": "log-mel"}}],
       "columns": [{"label": "median radius",
         "select": {"metric": "certified_radius"}}]}}}

Good
----
    {"contracts": {"log-mel": {"pipeline": "keyword-spotter", "object": "feature",
       "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "log_mel",
        "dtype": "float32"},
       "scale": ["certified_radius"]}},
     "evaluations": {"spoken-words-log-mel": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "log-mel", "sigma": 0.5,
       "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median",
         "population": "all", "value": "1.60"}]}},
     "tables": {"waveform": {"caption": "Waveform certificates",
       "rows": [{"label": "waveform", "select": {"contract": "waveform"}}],
       "columns": [{"label": "median radius",
         "select": {"metric": "certified_radius"}}]},
      "log-mel": {"caption": "Feature certificates (log-mel)",
       "rows": [{"label": "log-mel", "select": {"contract": "log-mel"}}],
       "columns": [{"label": "median radius",
         "select": {"metric": "certified_radius"}}]}}}

References
----------
The contract (rho, P, T, m): a feature certificate is never waveform robustness.
"""

from collections.abc import Iterable, Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.lengths import Placed, first_mixed, length_coordinates, noise_coordinates
from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.statement import Table, TableLine
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._selects import asserts_of, parts_of


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every table column and every assertion over more than one coordinate system."""
    results = case.results
    for name, table in results.tables.items():
        for i, column in enumerate(table.columns):
            where = pointer_of(["tables", name, "columns", i])
            yield from _mixed(where, _column(results, table, column))
    for pointer, _, claimed in asserts_of(results):
        selected = (m for _, s in parts_of(claimed) for m in matching_claims(results, s))
        yield from _mixed(pointer, (_length(results, match) for match in selected))


def _column(results: Results, table: Table, column: TableLine) -> Iterator[Placed]:
    for row in table.rows:
        shows_sigma = "sigma" in (row.show, column.show)
        for match in matching_claims(results, table.select, row.select, column.select):
            if shows_sigma:
                yield "sigma", noise_coordinates(results, match), match.pointer
            else:
                yield _length(results, match)


def _length(results: Results, match: Matched) -> Placed:
    return match.claim.metric, length_coordinates(results, match), match.pointer


def _mixed(pointer: str, lengths: Iterable[Placed]) -> Iterator[Hit]:
    """Yield one hit when lengths of one thing are in more than one coordinate system."""
    if found := first_mixed(lengths):
        what, (_, known, other), (_, coordinates, where) = found
        message = f"expected {what} in one coordinate system, found {known} and {coordinates}"
        yield Hit(pointer, message, {"one": other, "other": where})
