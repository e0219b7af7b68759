"""What one assertion cannot be: a relation without what it needs, or with what it ignores."""

from collections.abc import Iterator

from repaudit.contract.matching import matching_claims
from repaudit.contract.results import Results
from repaudit.contract.statement import Assert
from repaudit.rules._definition import DEFINITIONS
from repaudit.rules._rule import Hit
from repaudit.rules._selects import asserts_of, options

NEEDS: dict[str, tuple[frozenset[str], ...]] = {
    "equal": (frozenset({"value"}), frozenset({"than"})),
    "at_least": (frozenset({"value"}),),
    "at_most": (frozenset({"value"}),),
    "between": (frozenset({"low", "high"}),),
    "about": (frozenset({"value"}),),
    "greater": (frozenset({"than"}),),
    "less": (frozenset({"than"}),),
    "constant": (frozenset(),),
    "increasing": (frozenset({"in"}),),
    "decreasing": (frozenset({"in"}),),
}
"""The keys that each relation takes; more than one set: one of them."""
FIELDS = {"value": "value", "low": "low", "high": "high", "than": "than", "in": "along"}


def impossible_asserts(results: Results) -> Iterator[Hit]:
    """Yield what is impossible about each assertion."""
    for pointer, _, claimed in asserts_of(results):
        yield from _relation(pointer, claimed)
        yield from _unit(results, pointer, claimed)
        if claimed.minus is not None and claimed.over is not None:
            yield Hit(pointer, "expected either minus or over, found both")


def _unit(results: Results, pointer: str, claimed: Assert) -> Iterator[Hit]:
    """Yield a quoted number that lacks the unit of what it is compared with, or has another."""
    quoted = (claimed.value, claimed.low, claimed.high)
    metrics = {match.claim.metric for match in matching_claims(results, claimed.of)}
    metrics = metrics or set(map(str, options(claimed.of.metric)))
    units = {unit for m in metrics if m in DEFINITIONS for unit in DEFINITIONS[m].units}
    if claimed.over is not None or quoted == (None, None, None):
        units = set()  # a ratio has no unit, and neither has what is not there
    if units and claimed.unit is None:
        wanted = " or ".join(sorted(units))
        yield Hit(pointer, f"expected a unit of the quoted number, {wanted}, found none")
    if claimed.unit is not None and claimed.unit not in units:
        wanted = " or ".join(sorted(units)) or "no unit"
        yield Hit(f"{pointer}/unit", f"expected {wanted}, found {claimed.unit}")


def _relation(pointer: str, claimed: Assert) -> Iterator[Hit]:
    given = {key for key, field in FIELDS.items() if getattr(claimed, field) is not None}
    needed = NEEDS[claimed.relation]
    if given not in needed:
        wanted = " or ".join(" and ".join(sorted(keys)) or "nothing more" for keys in needed)
        found = " and ".join(sorted(given)) or "nothing"
        yield Hit(pointer, f"expected {wanted} with {claimed.relation}, found {found}")
    low, high = claimed.low, claimed.high
    if low is not None and high is not None and low.value > high.value:
        yield Hit(f"{pointer}/low", f"expected low up to high {high}, found {low}")
