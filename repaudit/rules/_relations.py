"""What breaks each relation that a sentence may assert."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from repaudit.contract.results import Results
from repaudit.contract.statement import Assert
from repaudit.rules._along import series
from repaudit.rules._counts import Read
from repaudit.rules._terms import Term, quoted, selected, terms_of

ABOUT = Fraction(1, 10)
"""Relative distance up to which a number is about another."""
Bounds = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Break:
    """A number that breaks an assertion."""

    expected: str
    """what the sentence makes one expect"""
    term: Term
    other: Term | None = None
    """what it is compared with, when that is a number of the table too"""


def first_break(results: Results, claimed: Assert, read: Read) -> Break | None:
    """Return the first number that no reading of the digits reconciles with the assertion."""
    terms = terms_of(results, claimed, read)
    match claimed.relation:
        case "constant":
            return _apart(terms)
        case "increasing" | "decreasing":
            return _turn(results, claimed, terms)
    if claimed.than is None:
        return _outside(claimed, terms, read)
    others = selected(results, claimed.than, read)
    pairs = ((one, other) for one in terms for other in others if one.placed != other.placed)
    return _against(claimed.relation, pairs)


def _outside(claimed: Assert, terms: list[Term], read: Read) -> Break | None:
    low, high = _bounds(claimed, read)
    for term in terms:
        if (low is not None and term.interval[1] < low) or (
            high is not None and term.interval[0] > high
        ):
            return Break(_in_words(claimed), term)
    return None


def _bounds(claimed: Assert, read: Read) -> Bounds:
    """Return what the quoted numbers, read as they may be, leave room for."""
    if claimed.low is not None and claimed.high is not None:
        return quoted(claimed.low, claimed, read)[0], quoted(claimed.high, claimed, read)[1]
    if claimed.value is None:
        return None, None
    low, high = quoted(claimed.value, claimed, read)
    match claimed.relation:
        case "at_least":
            return low, None
        case "at_most":
            return None, high
        case "about":
            return low - ABOUT * abs(low), high + ABOUT * abs(high)
    return low, high


def _in_words(claimed: Assert) -> str:
    if claimed.relation == "between":
        return f"a number between {claimed.low} and {claimed.high}"
    word = "" if claimed.relation == "equal" else f"{claimed.relation.replace('_', ' ')} "
    return f"{word}{claimed.value}"


def _apart(terms: list[Term]) -> Break | None:
    """Return a break when no number lies in all intervals."""
    if not terms:
        return None
    highest = max(terms, key=lambda term: term.interval[0])
    lowest = min(terms, key=lambda term: term.interval[1])
    if highest.interval[0] <= lowest.interval[1]:
        return None
    return Break(f"the same as {lowest.shown}", highest, lowest)


def _turn(results: Results, claimed: Assert, terms: list[Term]) -> Break | None:
    """Return a break where a series goes the other way; a plateau is none."""
    along = claimed.along
    rises = claimed.relation == "increasing"
    for points in series(results, terms, along) if along is not None else ():
        for (before, first), (after, second) in combinations(points, 2):
            low, high = (first, second) if rises else (second, first)
            if before < after and high.interval[1] < low.interval[0]:
                word = "least" if rises else "most"
                return Break(f"at {word} {first.shown}, at a smaller {along},", second, first)
    return None


HOLDS: dict[str, Callable[[Term, Term], bool]] = {
    "equal": lambda one, other: (
        one.interval[0] <= other.interval[1] and other.interval[0] <= one.interval[1]
    ),
    "greater": lambda one, other: one.interval[1] > other.interval[0],
    "less": lambda one, other: one.interval[0] < other.interval[1],
}
WORDS = {"equal": "the same as", "greater": "more than", "less": "less than"}


def _against(relation: str, pairs: Iterable[tuple[Term, Term]]) -> Break | None:
    for one, other in pairs:
        if not HOLDS[relation](one, other):
            return Break(f"{WORDS[relation]} {other.shown}", one, other)
    return None
