"""What an audit could detect of one claim, under each assumption on the examples."""

from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.audit.power import Answer, PowerRow
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import metric_of, scale_of
from repaudit.metrics.runs import runs_for
from repaudit.metrics.words import label_of
from repaudit.statistics.populations import NAMES
from repaudit.statistics.predictive import Protocol
from repaudit.verdicts.assumed import assumed_blocks, assumed_records, assumed_runs
from repaudit.verdicts.margins import RELATIVE
from repaudit.verdicts.power import Reach, Stand, reach_of, untestable
from repaudit.verdicts.question import NoTest

RELEASED = "released counts"
NEEDS_RECORDINGS = "depends on the recordings themselves; known once counts are released"
UNSEEN = "not even the strongest possible number is told from an honest one"
STRONGEST = "there is no stronger number"


@dataclass(frozen=True)
class Subject:
    """One certification of a file."""

    name: str
    context: Context
    released: CertificationRecords | None
    level: float
    """of one test"""

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed of the examples: nothing where their counts are known."""
        return NAMES if self.released is None else (RELEASED,)


def is_tested(claim: Claim) -> bool:
    """Say whether a test of a re-run answers a claim of a certification."""
    return _untestable(claim) is None


def row_of(subject: Subject, claim: Claim, pointer: str) -> PowerRow:
    """Return what can be said about one claim, or why nothing can."""
    reason = _untestable(claim)
    answers = [] if reason else [_answer(subject, claim, one) for one in subject.assumptions]
    if answers and all(_says_nothing(answer) for answer in answers):
        answers, reason = [], "; ".join(dict.fromkeys(str(answer.reason) for answer in answers))
    unit = _unit(claim) if answers else ""
    return PowerRow(
        pointer=pointer, label=label_of(claim), unit=unit, answers=answers, reason=reason
    )


def _says_nothing(answer: Answer) -> bool:
    return answer.detected is None and answer.margin_at_best is None and answer.reason is not None


def _untestable(claim: Claim) -> str | None:
    try:
        return untestable(claim)
    except CannotEstimate as error:
        return str(error)


def _unit(claim: Claim) -> str:
    family = metric_of(claim).family
    if family in RELATIVE:
        return "% of the value"
    return "dB" if family == "snr" else "points"


def _answer(subject: Subject, claim: Claim, assumption: str) -> Answer:
    try:
        stands = _stands(subject, claim, assumption)
        return _said(claim, assumption, reach_of(claim, subject.context, stands, subject.level))
    except CannotEstimate as error:
        is_missing = subject.released is None and "have no column" in str(error)
        return Answer(assumption=assumption, reason=NEEDS_RECORDINGS if is_missing else str(error))
    except (NoTest, UnstatedError) as error:
        return Answer(assumption=assumption, reason=str(error))


def _stands(subject: Subject, claim: Claim, assumption: str) -> list[Stand]:
    """Return records for every run that a claim speaks of."""
    context = subject.context
    if subject.released is not None:
        parts = runs_for(claim, context, subject.released).parts
        return [Stand(part, len(part)) for part in parts if isinstance(part, CertificationRecords)]
    if claim.at_snr_db is not None:
        raise NoTest(NEEDS_RECORDINGS)
    assert isinstance(context.protocol, Protocol)
    sizes = list(_sizes(context, claim))
    if len(sizes) > 1 and claim.across in (None, "unstated"):
        raise UnstatedError("across")
    if claim.across == "pooled":
        sizes = [sum(sizes)]
    return [_assumed(assumption, context.protocol, size) for size in sizes]


def _assumed(name: str, protocol: Protocol, size: int) -> Stand:
    return Stand(
        assumed_records(name, protocol),
        size,
        blocks=assumed_blocks(name, protocol, size),
        honest=assumed_runs(name, protocol),
    )


def _sizes(context: Context, claim: Claim) -> Iterator[int]:
    """Yield the examples of every run that a claim speaks of."""
    chosen = [claim.checkpoint] if claim.checkpoint is not None else context.checkpoints
    for checkpoint in chosen:
        for _ in range(context.repeats):
            yield context.examples_of(checkpoint) or 0


def _said(claim: Claim, assumption: str, reach: Reach) -> Answer:
    family = metric_of(claim).family
    factor = 100.0 if claim.unit == "fraction" else 1.0
    if family in RELATIVE:
        if reach.expected == 0.0:
            return Answer(assumption=assumption, reason="the expected value is 0")
        factor = 100.0 / abs(reach.expected)
    expected: float | None = reach.expected
    if family == "snr" and assumption != RELEASED:
        expected = None
    return Answer(
        assumption=assumption,
        expected=expected,
        detected=_finite(reach.detected, factor),
        margin_at_best=_finite(reach.at_best, factor),
        margin_likely=_finite(reach.likely, factor),
        reason=None if reach.detected is not None else _unseen(claim, reach),
    )


def _unseen(claim: Claim, reach: Reach) -> str:
    metric = metric_of(claim)
    strongest = scale_of(claim, metric) if metric.stronger == "higher" else 0.0
    return STRONGEST if reach.expected == strongest else UNSEEN


def _finite(value: float | None, factor: float) -> float | None:
    if value is None or value == float("inf"):
        return None
    return round(value * factor, 9)
