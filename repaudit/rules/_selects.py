"""Every selector of a results file with its pointer, and the claims it selects."""

from collections.abc import Iterator

from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.statement import Assert

PARTS = ("of", "minus", "over", "than")


def parts_of(claimed: Assert) -> Iterator[tuple[str, Select]]:
    """Yield the selectors of an assertion by their key."""
    for key in PARTS:
        select = getattr(claimed, key)
        if select is not None:
            yield key, select


def asserts_of(results: Results) -> Iterator[tuple[str, Select | None, Assert]]:
    """Yield every assertion: its pointer, the scope of its statement, itself."""
    for i, statement in enumerate(results.statements):
        for j, claimed in enumerate(statement.asserts):
            yield pointer_of(["statements", i, "asserts", j]), statement.scope, claimed


def selects_of(results: Results) -> Iterator[tuple[str, Select]]:
    """Yield every selector with its pointer."""
    for i, statement in enumerate(results.statements):
        if statement.scope is not None:
            yield pointer_of(["statements", i, "scope"]), statement.scope
    for pointer, _, claimed in asserts_of(results):
        for key, select in parts_of(claimed):
            yield f"{pointer}/{key}", select
    for name, table in results.tables.items():
        if table.select is not None:
            yield pointer_of(["tables", name, "select"]), table.select
        for side, lines in (("rows", table.rows), ("columns", table.columns)):
            for i, line in enumerate(lines):
                yield pointer_of(["tables", name, side, i, "select"]), line.select


def options(value: object) -> list[object]:
    """Return what a selector's field admits: any of these; ``[]`` when it does not say."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
