"""Aliasing: no randomness, so a number is the re-run's to its printed digits or it is refuted.

Two machines differ by rounding, far below the materiality.
"""

from typing import TYPE_CHECKING

from repaudit.audit.comparison import Verdict
from repaudit.metrics.base import Undefined
from repaudit.metrics.reduce import reduce_rows
from repaudit.metrics.runs import combined
from repaudit.statistics.swap_result import SwapResult
from repaudit.verdicts.question import NoTest, Question
from repaudit.verdicts.sentences import margin_words, number

if TYPE_CHECKING:
    from repaudit.verdicts.case import Tested


def answer_aliasing(question: Question) -> SwapResult:
    """Return the measured number as the only honest one; 1 or 0 for p: inside the digits or not.

    Raises ``NoTest`` where the number does not exist.
    """
    claim, metric = question.claim, question.metric
    try:
        values = [
            reduce_rows(metric.values(part, claim, question.context), claim, metric).values[0]
            for part in question.runs.parts
        ]
    except Undefined as reason:
        raise NoTest(f"undefined: {reason}") from None
    measured = combined(values, question.runs.across)
    above, below = question.low > measured, question.high < measured
    return SwapResult(
        p_value=0.0 if above or below else 1.0,
        direction=int(above) - int(below),
        variance=0.0,
        honest_low=measured,
        honest_high=measured,
    )


def judge_aliasing(tested: "Tested", margin: float, allowed: float) -> tuple[Verdict, str]:
    """Return the verdict: the printed digits within the margin of the measured number, or not.

    ``margin`` is in the claim's unit, ``allowed`` is the materiality it was made of.
    """
    question, declared = tested.question, tested.declared
    measured = tested.answer.result.honest_low
    gap = max(declared.low - measured, measured - declared.high, 0.0)
    words = f"declared {declared.text}, the re-run gives {number(measured)}"
    within = margin_words(allowed, question.claim, question.metric.family)
    if gap <= margin:
        return Verdict.REPRODUCED, f"{words}, within its digits and {within}"
    reason = "the measure has no randomness, so no honest run gives the declared number"
    return Verdict.REFUTED, f"{words}, not within its digits and {within}; {reason}"
