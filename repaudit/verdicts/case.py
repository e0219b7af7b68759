"""Everything known about one claim before its verdict."""

from dataclasses import dataclass

from repaudit.audit.comparison import DeclaredValue, Estimate
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import estimate
from repaudit.statistics.variance import KAPPA
from repaudit.verdicts.answer import Answer, answer, question_of
from repaudit.verdicts.defence import as_rerun
from repaudit.verdicts.question import Impossible, NoTest, Question, declared_of
from repaudit.verdicts.recomputed import NOTHING, Recomputation, recompute

NEVER_RERUN = frozenset({"samples_per_input", "inference_time"})


@dataclass(frozen=True)
class Tested:
    """A claim that a re-run answers."""

    question: Question
    answer: Answer
    declared: DeclaredValue
    measured: Estimate
    """with the interval of honest values"""

    def p_of_second_run(self) -> float:
        """Return the p-value at the variance that a second re-run would be expected to show."""
        return answer(self.question, 1.0).result.p_value


@dataclass(frozen=True)
class Case:
    """One claim, its number from the released counts, and the answer of the re-run."""

    claim: Claim
    declared: DeclaredValue | None
    recomputation: Recomputation
    measured: Estimate | None
    tested: Tested | None
    reason: str
    """why it is not tested; empty when it is"""
    impossible: bool = False
    """whether ``reason`` refutes the claim: no run at all gives this number"""

    @property
    def p_value(self) -> float | None:
        """The p-value that enters the family of the file."""
        if self.tested is None or not self.tested.answer.is_random:
            return None
        return self.tested.answer.result.p_value


def untested(claim: Claim, reason: str) -> Case:
    """Return a claim about which nothing can be found out, and why."""
    return Case(claim, declared_of(claim), NOTHING, None, None, reason)


def case_of(
    claim: Claim,
    context: Context,
    released: Records | None,
    rerun: Records | None,
    no_rerun: str,
) -> Case:
    """Return everything known about one claim; ``no_rerun`` says why there is no re-run."""
    declared = declared_of(claim)
    recomputation = NOTHING if released is None else recompute(claim, context, released)

    def without(reason: str, measured: Estimate | None = None, impossible: bool = False) -> Case:
        return Case(claim, declared, recomputation, measured, None, reason, impossible)

    if claim.metric.startswith("x-"):
        return without("an extension is carried, never checked")
    if claim.metric in NEVER_RERUN:
        return without("never compared with a re-run")
    if rerun is None:
        return without(no_rerun)
    try:
        measured = estimate(*as_rerun(claim, context, rerun), rerun, "re-run")
    except (CannotEstimate, UnstatedError) as error:
        return without(str(error))
    bare = measured.model_copy(update={"low": None, "high": None})
    if declared is None:
        return without("no value is declared", bare)
    try:
        question = question_of(claim, context, rerun)
        found = answer(question, KAPPA)
    except Impossible as error:
        return without(str(error), bare, impossible=True)
    except (NoTest, CannotEstimate, UnstatedError) as error:
        return without(str(error), bare)
    tested = Tested(question, found, declared, _with_interval(question, measured, found))
    return Case(claim, declared, recomputation, tested.measured, tested, "")


def _with_interval(question: Question, measured: Estimate, found: Answer) -> Estimate:
    low, high = found.honest
    kind = "honest values at 99 %" if found.is_random else "without randomness, but for near ties"
    if question.metric.family == "aliasing":
        kind = "no width: the measure has no randomness"
    how = measured.method.split(";")[0]
    return Estimate(
        value=measured.value,
        low=None if low == float("inf") else low,
        high=None if high == float("inf") else high,
        draws=measured.draws,
        method=f"{how}; re-run of {measured.draws} records, interval of {kind}",
    )
