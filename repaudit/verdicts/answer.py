"""Which test answers which claim."""

from dataclasses import dataclass

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import Records
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import metric_of, scale_of
from repaudit.metrics.runs import runs_for
from repaudit.statistics.swap_result import SwapResult
from repaudit.verdicts.aliasing import answer_aliasing
from repaudit.verdicts.defence import answer_attacked, as_rerun, is_random
from repaudit.verdicts.fixed import answer_fixed
from repaudit.verdicts.geometry import answer_geometry
from repaudit.verdicts.means import answer_mean
from repaudit.verdicts.quantiles import answer_quantile
from repaudit.verdicts.question import NoTest, Question, declared_interval
from repaudit.verdicts.shares import answer_share


@dataclass(frozen=True)
class Answer:
    """The answer of a test to one claim, before the other claims are looked at."""

    result: SwapResult
    """in the metric's own unit"""
    factor: float
    """from that to the claim's unit"""
    is_random: bool
    """whether its p-value belongs to the family of the file; a number without randomness is
    right or wrong by itself"""

    @property
    def honest(self) -> tuple[float, float]:
        """The values of an honest run at 99 %, in the claim's unit."""
        return self.result.honest_low * self.factor, self.result.honest_high * self.factor


def question_of(claim: Claim, context: Context, records: Records) -> Question:
    """Return a claim as a question to the records of a re-run.

    Raises ``CannotEstimate`` or ``UnstatedError`` when they cannot answer it.
    """
    metric = metric_of(claim)
    factor = scale_of(claim, metric)
    low, high = declared_interval(claim)
    runs = runs_for(*as_rerun(claim, context, records), records)
    return Question(claim, metric, context, runs, float(low) / factor, float(high) / factor)


def answer(question: Question, kappa: float) -> Answer:
    """Return the answer; ``NoTest`` or ``Impossible`` when there is none to give.

    ``kappa`` 2 covers every population; 1 is the variance that a second re-run would show.
    """
    claim, metric = question.claim, question.metric
    if metric.family == "aliasing":
        return Answer(answer_aliasing(question), scale_of(claim, metric), is_random=False)
    if question.runs.across not in (None, "mean"):
        raise NoTest(f"no test for the {question.runs.across} over runs")
    if metric.form == "distribution" and claim.statistic in ("std", "min", "max"):
        raise NoTest(f"no test for this statistic ({claim.statistic})")
    if metric.name == "clean_accuracy" and claim.classifier == "base":
        return Answer(answer_fixed(question), scale_of(claim, metric), is_random=False)
    if question.context.kind == "empirical":
        return Answer(answer_attacked(question), scale_of(claim, metric), is_random(question))
    return Answer(_result(question, kappa), scale_of(claim, metric), is_random=True)


def _result(question: Question, kappa: float) -> SwapResult:
    if question.metric.family == "geometry":
        return answer_geometry(question, kappa)
    if question.metric.form == "share":
        return answer_share(question, kappa)
    if question.claim.statistic == "mean":
        return answer_mean(question, kappa)
    return answer_quantile(question, kappa)
