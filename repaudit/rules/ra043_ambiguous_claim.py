"""A claim, a table cell or a sentence does not say which number it means.

Why
---
Two claims of one definition are two values of one quantity; a cell that two claims fill, or none,
is no number; and a sentence whose scope its own numbers leave compares what it says it does not.

Bad
---
    {"tables": {"certificates": {"caption": "Certificates",
       "rows": [{"label": "spoken words", "select": {"evaluation": "spoken-words"}}],
       "columns": [{"label": "median", "select": {"statistic": "median"}}]}}}

Good
----
    {"tables": {"certificates": {"caption": "Certificates",
       "rows": [{"label": "spoken words", "select": {"evaluation": "spoken-words"}}],
       "columns": [{"label": "median radius",
         "select": {"metric": "certified_radius", "statistic": "median"}}]}}}

References
----------
The results file: a claim is identified by its definition, one selector serves cells, statements
and scopes.
"""

from collections.abc import Iterator

from repaudit._core.text import count, shorten
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched, matches, matching_claims
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.statement import Table, TableLine
from repaudit.rules._definition import DEFINITIONS
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._selects import asserts_of, options, parts_of
from repaudit.rules._walk import every_claim

ANY_CLAIM = Claim(metric="x-any")
OF_CLAIM = (
    "metric",
    "statistic",
    "population",
    "classifier",
    "at_radius",
    "at_snr_db",
    "layer",
    "checkpoint",
)


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",), structural=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield repeated definitions, cells without exactly one claim, and numbers out of scope."""
    yield from _repeated(case.results)
    for name, table in case.results.tables.items():
        for i, row in enumerate(table.rows):
            pointer = pointer_of(["tables", name, "rows", i])
            for column in table.columns:
                yield from _cell(case.results, pointer, table, row, column)
    for pointer, scope, claimed in asserts_of(case.results):
        for key, select in parts_of(claimed):
            yield from _selection(case.results, f"{pointer}/{key}", select, scope)


def _repeated(results: Results) -> Iterator[Hit]:
    seen: dict[object, Matched] = {}
    for placed in every_claim(results):
        first = seen.setdefault((placed.evaluation_id, placed.claim.identity), placed)
        if first is not placed:
            message = f"expected a definition of its own, found that of {first.pointer}"
            yield Hit(placed.pointer, message, {"other": first.pointer})


def _cell(
    results: Results, pointer: str, table: Table, row: TableLine, column: TableLine
) -> Iterator[Hit]:
    found = list(matching_claims(results, table.select, row.select, column.select))
    picks = row.pick is not None or column.pick is not None
    if (found and picks) or len(found) == 1:
        if "sigma" in (row.show, column.show):
            yield from _shown_sigma(pointer, column, found)
        return
    wanted = "at least one claim" if picks else "one claim"
    message = f"expected {wanted} in the column {shorten(column.label)}, found {len(found)}"
    claims = ", ".join(match.pointer for match in found[:4])
    yield Hit(pointer, message, {"claims": claims} if claims else {})


def _shown_sigma(pointer: str, column: TableLine, found: list[Matched]) -> Iterator[Hit]:
    if any(getattr(match.evaluation, "sigma", None) is None for match in found):
        message = f"expected a claim with a sigma in the column {shorten(column.label)}, found none"
        yield Hit(pointer, message)


def _selection(
    results: Results, pointer: str, select: Select, scope: Select | None
) -> Iterator[Hit]:
    found = list(matching_claims(results, select))
    if not found and not _may_be_measured(results, select):
        yield Hit(pointer, "expected a claim or an evaluation that it selects, found none")
    outside = [match for match in found if scope is not None and not _within(scope, match)]
    if outside:
        message = f"expected claims within the scope of the sentence, found {_outside(outside)}"
        yield Hit(pointer, message, {"claims": ", ".join(m.pointer for m in outside[:4])})


def _outside(outside: list[Matched]) -> str:
    return f"{count(len(outside), 'claim')} outside, the first {outside[0].pointer}"


def _within(scope: Select, match: Matched) -> bool:
    claim = match.claim
    if scope.checkpoint is None:  # a scope that names no checkpoint holds for each of them
        claim = claim.model_copy(update={"checkpoint": None})
    return matches(scope, match.evaluation_id, match.evaluation, claim)


def _may_be_measured(results: Results, select: Select) -> bool:
    """Whether a selector means a quantity that nothing prints, but that a re-run measures."""
    ran = select.model_copy(update=dict.fromkeys(OF_CLAIM))
    kinds = {
        evaluation.kind
        for name, evaluation in results.evaluations.items()
        if matches(ran, name, evaluation, ANY_CLAIM)
    }
    metrics = [DEFINITIONS.get(str(metric)) for metric in options(select.metric)]
    measured = {kind for metric in metrics if metric is not None for kind in metric.kinds}
    return bool(kinds & measured if metrics else kinds)
