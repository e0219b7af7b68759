"""Numbers that stand side by side: in a column of a table, in a sentence that compares them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Evaluation
from repaudit.contract.matching import Matched, matches, matching_claims
from repaudit.contract.results import Results
from repaudit.contract.select import Select
from repaudit.contract.statement import Assert
from repaudit.rules._columns import columns_of
from repaudit.rules._selects import asserts_of, options, parts_of

ANY_CLAIM = Claim(metric="x-any")
AMONG_ITSELF = {"constant", "increasing", "decreasing"}
"""Relations that compare the selected claims with one another."""
OF_EVALUATION = (
    *("evaluation", "kind", "data", "model", "contract", "sampling"),
    *("attack", "defence", "sigma", "epsilon"),
)


@dataclass(frozen=True)
class Number:
    """A number that is compared, whether or not anything prints it."""

    evaluation: Evaluation
    metric: str
    layer: str | None = None


@dataclass(frozen=True)
class Compared:
    """Numbers compared in one place."""

    pointer: str
    """of the column or the assertion"""
    numbers: tuple[Number, ...]
    beside: frozenset[str] = frozenset()
    """metrics of all columns of the table"""


def compared(results: Results) -> Iterator[Compared]:
    """Yield every column of every table, and every assertion that compares two numbers."""
    columns = list(columns_of(results))
    for pointer, cells in columns:
        table = [other for place, other in columns if _table_of(place) == _table_of(pointer)]
        beside = frozenset(cell.placed.claim.metric for other in table for cell in other)
        yield Compared(pointer, tuple(_printed(cell.placed) for cell in cells), beside)
    for pointer, _, claimed in asserts_of(results):
        if _compares(claimed):
            parts = [select for _, select in parts_of(claimed)]
            numbers = tuple(n for select in parts for n in _selected(results, select))
            yield Compared(pointer, numbers)


def _table_of(column: str) -> str:
    return column.rpartition("/columns/")[0]


def _compares(claimed: Assert) -> bool:
    two = (claimed.minus, claimed.over, claimed.than) != (None, None, None)
    return two or claimed.relation in AMONG_ITSELF


def _selected(results: Results, select: Select) -> Iterator[Number]:
    """Yield what a selector means; where nothing is printed, what a re-run would measure."""
    claims = list(matching_claims(results, select))
    if claims:
        yield from map(_printed, claims)
        return
    ran = Select.model_validate({key: getattr(select, key) for key in OF_EVALUATION})
    for name, evaluation in results.evaluations.items():
        if matches(ran, name, evaluation, ANY_CLAIM):
            for metric, layer in product(options(select.metric), options(select.layer) or [None]):
                yield Number(evaluation, str(metric), None if layer is None else str(layer))


def _printed(match: Matched) -> Number:
    return Number(match.evaluation, match.claim.metric, match.claim.layer)
