"""Numbers of attacks and defences against a re-run that repeats what is random three times.

A number that depends on no draw (FGSM, DeepFool and C&W on the bare network) is right or wrong,
but for examples whose fate is nearly a tie; all others are tested by `statistics.repeats`. The
re-run may hold more repeats than are declared: its number is their mean.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.claim import Claim
from repaudit.evidence.join import take
from repaudit.evidence.tables import EmpiricalRecords, Records
from repaudit.metrics.attacked import Outcomes, classifier_of, outcomes
from repaudit.metrics.base import Undefined
from repaudit.metrics.context import Attacks, Context
from repaudit.metrics.estimate import member_values
from repaudit.metrics.reduce import reduce_rows
from repaudit.statistics.repeats import Repeated, repeated, test_few, test_repeated
from repaudit.statistics.swap import attainable_counts, test_mean
from repaudit.statistics.swap_result import SwapResult
from repaudit.verdicts.question import Impossible, NoTest, Question

NEAR_TIE = 1e-3
"""Relative margin below which an attack may end elsewhere on another machine: its steps pass
their rounding on, so that it is wider than that of a plain forward."""
NUMERIC = 1e-3
"""Relative difference of a perturbation's length that is no evidence, for the same reason."""

Mask = NDArray[np.bool_]


def as_rerun(claim: Claim, context: Context, records: Records) -> tuple[Claim, Context]:
    """Return claim and context for a re-run that repeats more often than was declared."""
    if context.attacks is None or not isinstance(records, EmpiricalRecords):
        return claim, context
    repeats = len(np.unique(records.repeat))
    if repeats <= context.repeats:
        return claim, context
    across = claim.across if context.runs > 1 else "mean"
    return claim.model_copy(update={"across": across}), replace(context, repeats=repeats)


def is_random(question: Question) -> bool:
    """Whether the number differs from one honest run to the next."""
    claim, attacks = question.claim, attacks_of(question)
    if claim.metric == "clean_accuracy":
        return claim.classifier != "base"
    if _classifier(question) == "defended" or claim.metric == "defence_rate":
        return True
    return attacks.is_random


def answer_attacked(question: Question) -> SwapResult:
    """Return the test of one number; raises ``NoTest`` and ``Impossible``."""
    if question.claim.metric == "perturbation_norm":
        return _of_norms(question)
    by_checkpoint = [_repeated(parts, question) for parts in _checkpoints(question)]
    low, high, scale = question.low, question.high, 1.0
    if question.metric.form == "count":
        scale = by_checkpoint[0].size
        low, high = low / scale, high / scale
    if not is_random(question):
        result = _fixed(question, low, high, by_checkpoint)
    elif len(by_checkpoint) == 1:
        result = _of_one(question, low, high, by_checkpoint[0])
    else:
        result = _of_several(question, low, high, by_checkpoint)
    return replace(
        result, honest_low=result.honest_low * scale, honest_high=result.honest_high * scale
    )


def attacks_of(question: Question) -> Attacks:
    """Return what the attacks saw; ``NoTest`` for an evaluation without attack and defence."""
    if question.context.attacks is None:
        raise NoTest("no test for this number")
    return question.context.attacks


def _of_one(question: Question, low: float, high: float, found: Repeated) -> SwapResult:
    """Test the number of one network."""
    of_all = question.claim.metric != "defence_rate" and question.claim.population != "correct"
    single = question.context.repeats == 1
    if of_all and single and not attainable_counts(low, high, round(found.size)):
        raise Impossible(f"no count out of {round(found.size)} examples gives it")
    shared = attacks_of(question).shares_directions and _is_of_defence(question)
    if shared and found.repeats < 2:
        raise NoTest("directions shared by all examples need more than one repeat")
    return test_repeated(low, high, found, question.context.repeats, shared=shared)


def _of_several(
    question: Question, low: float, high: float, by_checkpoint: list[Repeated]
) -> SwapResult:
    """Test the mean over several networks."""
    shared = attacks_of(question).shares_directions and _is_of_defence(question)
    repeats, size = question.context.repeats, len(by_checkpoint)
    variance = sum(f.variance(repeats, shared=shared) / f.size**2 for f in by_checkpoint)
    mean = float(np.mean([found.rate for found in by_checkpoint]))
    return test_mean(low, high, mean, variance / size**2)


def _is_of_defence(question: Question) -> bool:
    return question.claim.metric == "defence_rate" or _classifier(question) == "defended"


def _classifier(question: Question) -> str:
    """Return whose number it is; adversarial examples are those of the bare network."""
    claim = question.claim
    if claim.metric in ("adversarial_count", "defence_rate"):
        return "base"
    return classifier_of(claim.classifier, question.context)


def _checkpoints(question: Question) -> list[list[EmpiricalRecords]]:
    """Return the repeats of each network; ``NoTest`` for records of another kind."""
    found: dict[str, list[EmpiricalRecords]] = {}
    for part in question.runs.parts:
        if not isinstance(part, EmpiricalRecords):
            raise NoTest("no test for this number")
        for repeat in np.unique(part.repeat):
            for checkpoint in np.unique(part.checkpoint):
                rows = (part.repeat == repeat) & (part.checkpoint == checkpoint)
                found.setdefault(str(checkpoint), []).append(take(part, rows))
    return list(found.values())


def _repeated(parts: list[EmpiricalRecords], question: Question) -> Repeated:
    pairs = [_masks(part, question) for part in parts]
    numerator, denominator = (np.stack([pair[i] for pair in pairs]) for i in range(2))
    try:
        return repeated(numerator, denominator)
    except ValueError:
        raise NoTest("the re-run has repeats in which the number is undefined") from None


def _masks(part: EmpiricalRecords, question: Question) -> tuple[Mask, Mask]:
    """Return which examples count, and out of which, for one repeat."""
    claim, metric = question.claim, question.claim.metric
    if metric == "clean_accuracy":
        values = question.metric.values(part, claim, question.context) > 0
        return values, np.ones(len(values), np.bool_)
    found: Outcomes = outcomes(part, question.context)
    everything = np.ones(len(found.base_clean), np.bool_)
    if metric == "adversarial_count":
        return found.adversarial, everything
    if metric == "defence_rate":
        return found.adversarial & found.attacked_of("defended"), found.adversarial
    classifier = _classifier(question)
    right, still = found.clean_of(classifier), found.attacked_of(classifier)
    if metric == "attacked_accuracy":
        return still, everything
    return right & ~still, right if claim.population == "correct" else everything


def _fixed(
    question: Question, low: float, high: float, by_checkpoint: list[Repeated]
) -> SwapResult:
    """Return 1 or 0 for p: whether the number lies within the claim and the near ties."""
    measured = float(np.mean([found.rate for found in by_checkpoint]))
    size = float(np.mean([found.size for found in by_checkpoint]))
    ties = float(np.mean([_ties(parts[0]) for parts in _checkpoints(question)])) / size
    above, below = low - measured, measured - high
    outside = max(above, below) > ties + 1e-9
    return SwapResult(
        p_value=0.0 if outside else 1.0,
        direction=int(above > 0.0) - int(below > 0.0),
        variance=0.0,
        honest_low=max(measured - ties, 0.0),
        honest_high=min(measured + ties, 1.0),
    )


def _ties(part: EmpiricalRecords) -> int:
    """Return how many examples another machine may count the other way; 1 without margins."""
    if part.attacked_margin is None:
        return 1
    close = part.attacked_margin < NEAR_TIE
    return len(set(part.example_id[close].tolist()))


def _of_norms(question: Question) -> SwapResult:
    values = np.array([_norm(part, question) for part in question.runs.parts])
    floor = NUMERIC * float(np.mean(np.abs(values)))
    if not is_random(question):
        return test_mean(question.low, question.high, float(np.mean(values)), 0.0, floor)
    if len(values) < 2:
        raise NoTest("one repeat does not say how the norms of a random attack spread")
    return test_few(question.low, question.high, values, question.context.repeats, floor)


def _norm(part: Any, question: Question) -> float:
    values = member_values(part, question.claim, question.context, question.metric)
    try:
        return reduce_rows(values, question.claim, question.metric).values[0]
    except Undefined as reason:
        raise NoTest(f"the re-run's number is undefined: {reason}") from None
