"""Full re-runs, one evaluation after the other, as far as the budget reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from repaudit._core.errors import RepauditError
from repaudit._core.progress import Progress, Step, silent
from repaudit._core.text import clip
from repaudit.check.purse import Clock, Purse
from repaudit.check.rerun import Machine
from repaudit.check.sampling import Planned
from repaudit.check.standing import Standing
from repaudit.contract.task import Task

if TYPE_CHECKING:
    from repaudit.rerun.study import Study

SURE_AFTER = 0.05
"""of the time of a budget: until then a re-run's own speed is not known well enough"""
LEAST_SECONDS = 2.0
_SHOWN = 200
"""characters of a reason in a line of the summary"""


class OutOfTime(RepauditError):
    """A full re-run that would overdraw the time of the budget."""


@dataclass
class FullRuns:
    """Full re-runs of the evaluations of one file."""

    machine: Machine
    seed: bytes
    plan: Mapping[str, Planned]
    purse: Purse
    speeds: Mapping[str, float]
    """forwards per second, where they were measured"""
    standing: Standing
    refused: dict[str, str] = field(default_factory=dict)
    """why an evaluation was not re-run: it costs too much, or nobody wanted it"""

    def run(self, tasks: Mapping[str, Sequence[Task] | str]) -> "Study":
        """Run the tasks of some evaluations (text = the reason why not)."""
        study = self.machine.run({}, self.seed)
        for name, wanted in tasks.items():
            reason = wanted if isinstance(wanted, str) else self._refusal(name)
            if reason is not None:
                self.refused[name] = reason
            found = self._run(name, wanted if reason is None else reason)
            study.take_in(found)
            with self.purse.unpaid():
                self._say(name, found)
        return study

    def _say(self, name: str, found: "Study") -> None:
        """Say where the claims of an evaluation stand, if anybody is listening."""
        progress = self.machine.options.progress
        if progress is silent:
            return
        if name in found.records:
            said = self.standing.of_rerun(name, found.records[name])
        else:
            said = f"not re-run: {clip(found.reasons[name], _SHOWN)}"
        progress(Step(name, said, is_over=True))

    def _refusal(self, name: str) -> str | None:
        """Pay for a full re-run, or return the reason why it cannot be paid."""
        if name not in self.plan:
            return None  # the run says what is wrong with it
        forwards, speed = self.plan[name].in_full, self.speeds.get(name)
        seconds = None if speed is None else forwards / speed
        if not self.purse.grant(forwards, seconds):
            return f"a full re-run takes {forwards:,} forwards, {self.purse.rest}"
        return None

    def _run(self, name: str, tasks: Sequence[Task] | str) -> "Study":
        """Return the study of one evaluation, which is paid for."""
        shown = self.machine.options.progress
        if isinstance(tasks, str) or name not in self.plan:
            return self.machine.run({name: tasks}, self.seed, _but_the_end(shown))
        forwards, clock = self.plan[name].in_full, self.purse.clock
        watch = _Watch(shown, clock if self.purse.may_withdraw(forwards) else None)
        study = self.machine.run({name: tasks}, self.seed, watch)
        if watch.has_stopped:
            self.purse.withdraw(forwards)
            self.refused[name] = study.reasons[name]
        else:
            self.purse.pay(forwards)
        return study


def _but_the_end(progress: Progress) -> Progress:
    """Return the same, which says nothing of an end: more is to be said of it."""
    return lambda step: None if step.is_over else progress(step)


class _Watch:
    """Shows the progress of a full re-run, and ends it when the time will not do."""

    def __init__(self, progress: Progress, clock: Clock | None) -> None:
        self._progress, self._clock = _but_the_end(progress), clock
        self._begun: tuple[float, int] | None = None
        """time and forwards of the first step: networks are loaded before it"""
        self.has_stopped = False

    def __call__(self, step: Step) -> None:
        self._progress(step)
        made, clock = step.done - step.kept, self._clock
        if clock is None or made <= 0 or step.done >= step.total:
            return
        if self._begun is None:
            self._begun = clock.passed, made
        seconds, made = clock.passed - self._begun[0], made - self._begun[1]
        if made <= 0 or seconds < max(LEAST_SECONDS, SURE_AFTER * clock.seconds):
            return
        needed = seconds / made * (step.total - step.done)
        if needed > clock.utmost:
            self.has_stopped = True
            raise OutOfTime(
                f"the time budget is too short for a full re-run of {step.total:,} forwards: given "
                f"up after {step.done:,}, which took {seconds:,.0f} seconds"
            )
