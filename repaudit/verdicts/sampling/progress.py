"""A sample while it grows: which elements are next, and whether enough has been seen."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Literal

from repaudit.audit.sample import SampledFailures, SampledRecords, SampledShare
from repaudit.statistics.few_failures import few_failures_test
from repaudit.statistics.sequential import SequentialAudit
from repaudit.statistics.share_interval import share_interval
from repaudit.statistics.sign_flip import sign_flip_test
from repaudit.verdicts.sampling.design import (
    WRONG_DECISION,
    WRONG_DECISIONS,
    Design,
    Element,
    Threshold,
)

OF_EXAMPLES = 0.9
"""of the risk, for the choice of examples; the rest is for their curtailed draws"""
INTERVAL_LEVEL = 0.01
RECORDS_LEVEL, FAILURES_LEVEL = 0.01, 0.001
ALWAYS_SEEN, MOST_SEEN = 4.0, 0.9
"""examples that any confirmation needs: so many / margin (4.6 at a risk of 1 %), or most of all"""


class SampleProgress:
    """The sequential tests of one design."""

    def __init__(self, design: Design, risk: float) -> None:
        self.design = design
        self._risk = OF_EXAMPLES * risk
        self._tests = [_test(design, threshold) for threshold in design.thresholds]
        self._reached: list[list[bool]] = [[] for _ in design.thresholds]
        self._next = 0

    def wave(self, size: int) -> list[Element]:
        """Return the next elements to look at; empty when all were."""
        return list(islice(self.design.order, self._next, self._next + size))

    def add(self, answers: Mapping[Element, Sequence[bool]]) -> None:
        """Take in the outcomes of the elements of the last wave, in the order of the design.

        What comes after a test has ended moves nothing.
        """
        for element in self.wave(len(answers)):
            for number, threshold in enumerate(self.design.thresholds):
                if self._outcome(number) is None:
                    self._take(number, threshold, element, answers[element][number])
            self._next += 1

    def _take(self, number: int, threshold: Threshold, element: Element, reaches: bool) -> None:
        self._reached[number].append(reaches)
        if threshold.author is None:
            self._tests[number].add(int(reaches))
        else:
            self._tests[number].add(int(threshold.author[element]) - int(reaches))

    def _outcome(self, number: int) -> Literal["confirmed", "refuted"] | None:
        return self._tests[number].verdict(self._risk)

    @property
    def looked_at(self) -> int:
        """Elements looked at."""
        return self._next

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open: all confirmed, or one refuted, or everything was seen."""
        outcomes = [self._outcome(number) for number in range(len(self._tests))]
        return None not in outcomes or "refuted" in outcomes or not self.wave(1)

    def shares(self) -> list[SampledShare]:
        """Return what the sample shows at each radius."""
        return [self._share(number, t) for number, t in enumerate(self.design.thresholds)]

    def _share(self, number: int, threshold: Threshold) -> SampledShare:
        reached, test = self._reached[number], self._tests[number]
        size = len(self.design.order)
        low, high = share_interval(reached, size, INTERVAL_LEVEL)
        return SampledShare(
            at_radius=threshold.at_radius,
            needed_hits=threshold.rule.needed,
            pointer=threshold.pointer,
            design="polling" if threshold.author is None else "comparison",
            claimed=threshold.claimed,
            margin=self.design.margin,
            refute_margin=threshold.refute_margin,
            outcome=self._outcome(number) or "unsettled",
            risk=min(1.0, test.confirm.p_value + min(size * WRONG_DECISION, WRONG_DECISIONS)),
            examples=len(reached),
            reached=sum(reached),
            low=low,
            high=high,
        )


def _test(design: Design, threshold: Threshold) -> SequentialAudit:
    size = len(design.order)
    if threshold.author is not None:
        return SequentialAudit.comparison(size, design.margin, threshold.refute_margin)
    return SequentialAudit.polling(size, threshold.claimed, design.margin, threshold.refute_margin)


def sampled_records(design: Design, ours: Mapping[Element, int], seed: int) -> SampledRecords:
    """Return the targeted test of released counts; ``ours`` are hits of the label in n draws."""
    author = [design.released[element] for element in ours]
    result = sign_flip_test(author, list(ours.values()), design.protocol.n, seed)
    return SampledRecords(
        examples=len(ours),
        informative=result.informative,
        p_value=result.p_value,
        direction=result.direction,
        is_rejected=result.p_value < RECORDS_LEVEL,
    )


def first_elements(design: Design) -> tuple[Element, ...]:
    """Return the elements that every confirmed sample has looked at, whatever it showed.

    A number that the outcomes chose would bias the test of failures.
    """
    size = min(int(ALWAYS_SEEN / design.margin), int(MOST_SEEN * len(design.order)))
    return design.order[:size]


def sampled_failures(design: Design, ours: Mapping[Element, int], draws: int) -> SampledFailures:
    """Return the test of failures; ``ours`` are those among the first ``draws`` of elements."""
    n = design.protocol.n
    author = [n - design.released[element] for element in ours]
    found = few_failures_test(author, n, list(ours.values()), draws)
    return SampledFailures(
        examples=found.examples,
        draws=draws,
        failures=found.failures,
        expected=found.expected,
        p_value=found.p_value,
        is_rejected=found.p_value < FAILURES_LEVEL,
    )
