"""One cell: the one claim that its row and column mean."""

from collections.abc import Sequence
from fractions import Fraction

from repaudit._core.errors import InputError
from repaudit.contract.claim import Claim
from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.results import Results
from repaudit.contract.statement import Table, TableLine

_SHOWN = 3
"""Claims named when a cell has too many."""


def cell_claim(results: Results, name: str, row: TableLine, column: TableLine) -> Matched:
    """Return the claim of a cell of table ``name``.

    Raises ``InputError`` when no claim matches table, row and column, when several do and neither
    line picks one, and when the two pick differently or among different metrics.
    """
    where = f"tables/{name}, row {row.label}, column {column.label}"
    table: Table = results.tables[name]
    found = list(matching_claims(results, table.select, row.select, column.select))
    picks = {line.pick for line in (row, column) if line.pick is not None}
    if not found:
        raise InputError(where, "one claim", "none", "select what an evaluation claims")
    if len(found) > 1 and not picks:
        raise InputError(where, "one claim", _named(found), "select fewer, or pick max or min")
    if len(picks) > 1:
        raise InputError(where, "one pick", "max and min")
    return found[0] if len(found) == 1 else _extreme(found, picks == {"max"}, where)


def cell_text(claim: Claim) -> str:
    """Return a claim's digits as declared, with its spread; no unit.

    Raises ``InputError`` for the claim of a plan, which has no value yet.
    """
    if claim.value is None:
        raise InputError(
            "study/kind", "a results file with values", "a plan", "repaudit measure PLAN.json"
        )
    spread = claim.spread
    if spread is None:
        return claim.value.text
    if spread.value is not None:
        return f"{claim.value} ± {spread.value}"
    return f"{claim.value} [{spread.low}, {spread.high}]"


def value_of(claim: Claim) -> Fraction:
    """Return the declared number, percent and fractions on one scale."""
    cell_text(claim)  # refuses a claim without a value
    assert claim.value is not None
    return claim.value.value / 100 if claim.unit == "percent" else claim.value.value


def _extreme(found: Sequence[Matched], largest: bool, where: str) -> Matched:
    metrics = {matched.claim.metric for matched in found}
    if len(metrics) > 1:
        raise InputError(where, "claims of one metric to pick from", " and ".join(sorted(metrics)))
    choose = max if largest else min
    return choose(found, key=lambda matched: value_of(matched.claim))


def _named(found: Sequence[Matched]) -> str:
    names = [matched.pointer for matched in found[:_SHOWN]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{len(found)} ({', '.join(names)}{more})"
