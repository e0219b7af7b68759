"""Whether the full draws of an example would reach some thresholds, from as few as it takes.

The question to one example: is the label selected by n0 draws, and do enough of n fresh ones
vote for it? Draws stop as soon as the answer to every threshold is certain, or as good as
(statistics/curtailment).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repaudit.rerun.sampler import Sampler
from repaudit.rerun.votes import VOID, count_votes
from repaudit.statistics.curtailment import Curtailment


@dataclass(frozen=True)
class Answered:
    """One example's answers to all thresholds."""

    example: int
    """index in the data"""
    draws: int
    """certification draws made, n0 not among them"""
    label_hits: int
    """of these, votes for the true label"""
    void: int
    """of these, outputs that are not finite"""
    reaches: tuple[bool, ...]
    """per threshold: label selected, and enough votes for it"""


def answer(
    sampler: Sampler, examples: Sequence[int], thresholds: Sequence[Curtailment]
) -> list[Answered]:
    """Return the answers of some examples, which are drawn together look by look.

    ``thresholds`` are all of one protocol, that of the sampler's task.
    """
    looks = thresholds[0].looks
    open_: dict[int, list[bool | None]] = {e: [None] * len(thresholds) for e in examples}
    seen: dict[int, int] = {}
    for number, look in enumerate(looks):
        waiting = [e for e in examples if e not in seen]
        if not waiting:
            break
        sampler.extend(waiting, "certification", look)
        for example in waiting:
            failures = look - _hits(sampler, example, look)
            answers = open_[example]
            for i, threshold in enumerate(thresholds):
                if answers[i] is None:
                    answers[i] = threshold.decide(number, failures)
            if None not in answers:
                seen[example] = look
    _settle(sampler, [e for e in examples if e not in seen], open_, thresholds)
    return [
        _answered(sampler, e, seen.get(e, looks[-1]), tuple(map(bool, open_[e]))) for e in examples
    ]


def _settle(
    sampler: Sampler,
    examples: Sequence[int],
    open_: dict[int, list[bool | None]],
    thresholds: Sequence[Curtailment],
) -> None:
    """Answer what all n draws left open: the selection decides."""
    sampler.extend(examples, "selection", sampler.task.n0)
    for example in examples:
        label = sampler.labels[example]
        selection = sampler.votes(example, "selection")[: sampler.task.n0]
        certification = sampler.votes(example, "certification")[: sampler.task.n]
        counts = count_votes(selection, certification, label)
        is_selected = counts.selected_class == label
        open_[example] = [
            is_selected and counts.label_hits >= threshold.needed if answer is None else answer
            for answer, threshold in zip(open_[example], thresholds, strict=True)
        ]


def _hits(sampler: Sampler, example: int, draws: int) -> int:
    votes = sampler.votes(example, "certification")[:draws]
    return int(np.count_nonzero(votes == sampler.labels[example]))


def _answered(sampler: Sampler, example: int, draws: int, reaches: tuple[bool, ...]) -> Answered:
    votes = sampler.votes(example, "certification")[:draws]
    return Answered(
        example, draws, _hits(sampler, example, draws), int(np.sum(votes == VOID)), reaches
    )
