"""Records that stand for a run, and what a test could tell from it."""

from dataclasses import dataclass

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context
from repaudit.metrics.runs import Runs
from repaudit.statistics.power import POWER
from repaudit.verdicts.question import Question

ONE_SIDE = (1.0 + POWER) / 2.0
"""Nine honest authors in ten are off by less to either side: five in a hundred beyond each."""
ONE_SIDE_Z = 1.6448536269514722
"""Phi^-1 of it."""


@dataclass(frozen=True)
class Stand:
    """Records that stand for one run, or for several pooled."""

    part: CertificationRecords
    size: int
    """examples of the run itself"""
    blocks: tuple[CertificationRecords, ...] = ()
    """runs of that size as they may turn out; none where ``part`` is the run itself, or large"""
    honest: tuple[CertificationRecords, ...] = ()
    """honest runs of the rows of an assumed population; none of released counts"""

    @property
    def scale(self) -> float:
        """Examples of the run per record."""
        return self.size / len(self.part)


@dataclass(frozen=True)
class Reach:
    """What a test could detect, in the claim's unit."""

    expected: float
    detected: float | None
    """None when not even the strongest number is told from an honest one"""
    at_best: float
    """half-width of honest values at 99 %"""
    likely: float
    """distance that holds declared and every honest value in nine honest reports of ten"""


def question_of(
    claim: Claim, metric: Metric, context: Context, part: CertificationRecords
) -> Question:
    """Return a claim as a question to records, as the tests take it; no value is asked about."""
    return Question(claim, metric, context, Runs((part,), None), 0.0, 0.0)
