"""One claim as a question to a re-run."""

from dataclasses import dataclass
from fractions import Fraction

from repaudit.audit.comparison import DeclaredValue
from repaudit.contract.claim import Claim
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context
from repaudit.metrics.runs import Runs


class NoTest(ValueError):
    """There is no test for this claim; the text says why."""


class Impossible(ValueError):
    """No run at all can give the claimed number; the text says why."""


@dataclass(frozen=True)
class Question:
    """Whether a claim is what an honest author could have got, given our runs."""

    claim: Claim
    metric: Metric
    context: Context
    runs: Runs
    """of the re-run"""
    low: float
    """lower end of the claim, in the metric's own unit (shares in 0..1)"""
    high: float
    """upper end of the claim"""


def declared_interval(claim: Claim) -> tuple[Fraction, Fraction]:
    """Return the values that the claim's text stands for, in its unit.

    A value read off a figure is uncertain by its ``reading_error`` instead of half a digit.
    Raises ``ValueError`` for a claim without a value.
    """
    if claim.value is None:
        raise ValueError("claim: expected a value, got none")
    if claim.reading_error is not None:
        error = abs(claim.reading_error.value)
        return claim.value.value - error, claim.value.value + error
    return claim.value.interval(claim.rounding)


def declared_of(claim: Claim) -> DeclaredValue | None:
    """Return the claim's number as an audit shows it; None in a plan."""
    if claim.value is None:
        return None
    low, high = declared_interval(claim)
    return DeclaredValue(text=claim.value.text, low=float(low), high=float(high))
