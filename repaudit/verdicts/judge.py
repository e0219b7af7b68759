"""From everything known about one claim to its verdict and its reason."""

from dataclasses import dataclass

from repaudit.audit.comparison import Verdict
from repaudit.verdicts.aliasing import judge_aliasing
from repaudit.verdicts.case import Case, Tested
from repaudit.verdicts.margins import Margin, Margins
from repaudit.verdicts.released import LEVEL
from repaudit.verdicts.sentences import (
    difference,
    honest_words,
    margin_words,
    missed_words,
    number,
)


@dataclass(frozen=True)
class Surroundings:
    """What else decides about a claim."""

    p_adjusted: float | None
    """after Holm over the file"""
    settled_by_second: bool
    """whether Holm would reject at the variance of a second re-run"""
    counts_rejected: bool
    """whether the released counts of its evaluation are not an independent run's"""
    contradiction: str | None
    """a proved error of the file's own numbers"""


@dataclass(frozen=True)
class Judgement:
    """The verdict on one claim."""

    verdict: Verdict
    reason: str
    margin: float | None = None
    """in the claim's unit"""
    source: Margin | None = None


def judge(case: Case, around: Surroundings, margins: Margins) -> Judgement:
    """Return the verdict on a claim (standard, section 6)."""
    refuted = refutation(case, around.contradiction)
    if case.tested is None:
        reason = refuted or _unchecked(case)
        return Judgement(Verdict.REFUTED if refuted else Verdict.NOT_CHECKED, reason)
    tested = case.tested
    family = tested.question.metric.family
    source = margins.by_family[family]
    # A median that falls on an abstention has no number, and an SNR needs none for its margin.
    margin = margins.absolute(family, case.claim, tested.measured.value or 0.0)
    if refuted is not None:
        return Judgement(Verdict.REFUTED, refuted, margin, source)
    if family == "aliasing":
        return Judgement(*judge_aliasing(tested, margin, source.value), margin, source)
    if _is_rejected(tested, around):
        return Judgement(*_rejection(tested), margin, source)
    return Judgement(*_agreement(case, tested, around, margin, source), margin, source)


def refutation(case: Case, contradiction: str | None) -> str | None:
    """Return why no honest run at all gives the claim, if that is so.

    ``contradiction`` is a proved error of the file's own numbers.
    """
    if contradiction is not None:
        return contradiction
    text = case.declared.text if case.declared is not None else ""
    found = case.recomputation
    if found.agrees is False and found.estimate is not None:
        return f"declared {text}, the released counts give {number(found.estimate.value)}"
    return f"declared {text}, but {case.reason}" if case.impossible else None


def _unchecked(case: Case) -> str:
    if case.recomputation.agrees:
        return f"recomputed from the released counts and equal; {case.reason}"
    if case.recomputation.reason is not None and case.recomputation.reason != case.reason:
        return f"{case.reason}; not recomputed: {case.recomputation.reason}"
    return case.reason


def _is_rejected(tested: Tested, around: Surroundings) -> bool:
    if not tested.answer.is_random:
        return tested.answer.result.p_value == 0.0
    return around.p_adjusted is not None and around.p_adjusted < LEVEL


def _rejection(tested: Tested) -> tuple[Verdict, str]:
    low, high = tested.answer.honest
    declared, question = tested.declared, tested.question
    is_above = tested.answer.result.direction > 0
    gap = max(declared.low - high if is_above else low - declared.high, 0.0)
    verdict = _direction(tested, is_above)
    if gap == float("inf"):
        reason = "an honest run has no certificate there (99 %)"
        return verdict, f"declared {declared.text}, {reason}; {verdict} without limit"
    by = difference(gap, question.claim, question.metric.family, tested.measured.value)
    return verdict, f"{honest_words(declared, tested.measured)}; {verdict} by at least {by}"


def _direction(tested: Tested, is_above: bool) -> Verdict:
    stronger = tested.question.metric.stronger
    if stronger == "nearer_1":
        declared = tested.declared.low if is_above else tested.declared.high
        is_stronger = abs(declared - 1.0) < abs((tested.measured.value or 0.0) - 1.0)
    else:
        is_stronger = is_above == (stronger == "higher")
    return Verdict.OVERSTATED if is_stronger else Verdict.UNDERSTATED


def _agreement(
    case: Case, tested: Tested, around: Surroundings, margin: float, source: Margin
) -> tuple[Verdict, str]:
    """Judge a claim that is not rejected: close enough to every honest value, or unknown."""
    claim, family = case.claim, tested.question.metric.family
    low, high = tested.answer.honest
    furthest = max(tested.declared.high - low, high - tested.declared.low)
    words = honest_words(tested.declared, tested.measured)
    allowed = margin_words(source.value, claim, family)
    if furthest > margin * (1.0 + 1e-9):
        missed = missed_words(tested.measured, claim, family)
        settles = "would" if around.settled_by_second else "would not"
        reason = f"{words}, not all within {allowed}; {missed}; a second re-run {settles} settle it"
        return Verdict.INCONCLUSIVE, reason
    if around.counts_rejected:
        reason = f"{words}, but the released counts are not those of an independent run"
        return Verdict.INCONCLUSIVE, reason
    equal = "; recomputed from the released counts and equal" if case.recomputation.agrees else ""
    return Verdict.REPRODUCED, f"{words}, within {allowed}{equal}"
