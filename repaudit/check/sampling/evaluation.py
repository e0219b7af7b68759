"""The sample of one evaluation: released counts at all draws, then examples in random order."""

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import accumulate

from repaudit._core.progress import Step
from repaudit.audit.sample import SampledFailures, SampledRecords
from repaudit.check.purse import Purse
from repaudit.check.rerun import Machine
from repaudit.check.sampling.elements import Elements, row_of
from repaudit.check.sampling.pace import Pace
from repaudit.contract.evaluation import Certification
from repaudit.contract.task import CertificationTask
from repaudit.evidence.tables import Records
from repaudit.metrics.context import Context
from repaudit.verdicts.sampling import Design, Element, SampleProgress, design_of
from repaudit.verdicts.sampling.progress import (
    first_elements,
    sampled_failures,
    sampled_records,
)

WAVE = {"cpu": 32, "cuda": 256}
"""elements after which the tests are asked; they are looked at together and share blocks of rows"""
FEWEST_RECORDS = 10
"""below which released counts are not held against ours: so few tell little"""


@dataclass
class Sampling:
    """One evaluation while it is sampled."""

    design: Design
    progress: SampleProgress
    elements: Elements
    machine: Machine
    context: Context
    released: Records | None
    seed: bytes
    pace: Pace
    expected: int
    """forwards of the plan"""
    records: SampledRecords | None = None
    failures: SampledFailures | None = None
    rows: list[dict[str, object]] = field(default_factory=list)
    """our own draws, one row per element that was looked at"""
    waves: int = 0

    @classmethod
    def begin(
        cls,
        declared: Certification,
        context: Context,
        tasks: Sequence[CertificationTask],
        released: Records | None,
        machine: Machine,
        seed: bytes,
        margin: float,
        expected: int,
        per_second: float | None,
    ) -> "Sampling":
        """Return a sample of which nothing is drawn; ``NotSampled`` where none can be."""
        runs = {(task.checkpoint.id, task.repeat): machine.sampler(task, seed) for task in tasks}
        name, elements = tasks[0].evaluation, Elements(runs)
        design = design_of(name, declared, context, released, elements.every, margin, seed)
        progress = SampleProgress(design, machine.options.risk)
        pace = Pace(per_second, tasks[0].n0 + tasks[0].n)
        return cls(design, progress, elements, machine, context, released, seed, pace, expected)

    def check_records(self, purse: Purse) -> str | None:
        """Hold released counts against ours at all draws; return why not, if not all were."""
        n = self.design.protocol.n
        chosen = self.design.records
        if not chosen:
            return None
        fewest = min(len(chosen), FEWEST_RECORDS)
        affordable = purse.grant_some(n, len(chosen), self.pace.per_second)
        if affordable < fewest:
            return "the budget ended before the released counts were looked at"
        chosen = chosen[:affordable]
        with self._drawing(purse):
            self.elements.extend(chosen, n)
        ours = {element: self.elements.hits(element) for element in chosen}
        self.records = sampled_records(self.design, ours, int.from_bytes(self.seed[:8]))
        return None

    def check_examples(self, purse: Purse) -> str | None:
        """Look at examples until enough was seen; return why not, if the budget ended before."""
        while not self._is_rejected:
            if self.progress.looked_at % self._wave == 0 and self.progress.is_settled:
                break
            if not (wave := self._next(purse)):
                if self.progress.is_settled:
                    break
                return f"the budget ended after {self.progress.looked_at:,} examples"
            self._look_at(wave, purse)
            self._show()
        self._check_failures()
        return None

    def _next(self, purse: Purse) -> list[Element]:
        """Return the elements to look at next, as far as the budget is sure to reach.

        How many is a matter of speed: the tests are asked after every ``_wave`` of them.
        """
        ahead = self._wave - self.progress.looked_at % self._wave
        elements = self.progress.wave(self.pace.examples_in(purse.clock, ahead))
        if not elements:
            return []
        first = self._missing(elements[0])
        if not purse.grant(first, self.pace.seconds_beyond(purse.clock, first)):
            return []
        worst = list(accumulate(map(self._missing, elements)))
        return elements[: bisect_right(worst, purse.left)]

    def _look_at(self, wave: Sequence[Element], purse: Purse) -> None:
        missing, spent, forwards = list(map(self._missing, wave)), purse.spent, self.forwards
        rules = [threshold.rule for threshold in self.design.thresholds]
        with self._drawing(purse):
            answers = self.elements.answers(wave, rules)
        for element, before in zip(wave, missing, strict=True):
            purse.need(spent + before)  # one by one they would have been granted by so many
            spent += before - self._missing(element)
        self.pace.looked_at(len(wave), self.forwards - forwards)
        self.progress.add({element: a.reaches for element, a in answers.items()})
        self.rows += [row_of(element, answer) for element, answer in answers.items()]

    def _missing(self, element: Element) -> int:
        """Return the draws that an element would take at most."""
        protocol = self.design.protocol
        return protocol.n0 + protocol.n - self.elements.drawn(element)

    def _check_failures(self) -> None:
        """Hold the failures of sure examples against the draws that all examples have."""
        chosen = first_elements(self.design)
        if not self.design.released or self.progress.looked_at < len(chosen):
            return
        draws = self.design.thresholds[0].rule.looks[0]
        ours = {element: draws - self.elements.hits(element, draws) for element in chosen}
        self.failures = sampled_failures(self.design, ours, draws)

    @property
    def forwards(self) -> int:
        """Forwards so far."""
        return self.elements.forwards

    @property
    def forwards_in_full(self) -> int:
        """Forwards of the full re-run of every run."""
        protocol = self.design.protocol
        return len(self.design.order) * (1 + protocol.n0 + protocol.n)

    @property
    def _is_rejected(self) -> bool:
        return self.records is not None and self.records.is_rejected

    @property
    def _wave(self) -> int:
        return WAVE[self.machine.engine.device.type]

    def _drawing(self, purse: Purse) -> ExitStack:
        """Return the context of one step: arithmetic, journal, and what it cost."""
        stack, before, kept = ExitStack(), self.forwards, self.elements.restored
        stack.callback(lambda: purse.pay(self.forwards - before))
        stack.callback(
            lambda: self.pace.made(self.forwards - before - self.elements.restored + kept)
        )
        stack.enter_context(self.pace.timed())
        samplers = list(self.elements.samplers.values())
        stack.enter_context(self.machine.engine.arithmetic(samplers[0].task))
        for sampler in samplers:
            stack.enter_context(sampler.shard(self.waves))
        self.waves += 1
        return stack

    def _show(self) -> None:
        doing = f"{self.progress.looked_at:,} of {len(self.design.order):,} examples sampled"
        total = max(self.expected, self.forwards)
        step = Step(self.design.evaluation, doing, self.forwards, total, self.elements.restored)
        self.machine.options.progress(step)
