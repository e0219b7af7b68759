"""The samples of an audit, one evaluation after the other, as far as the budget reaches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from repaudit.audit.sample import Sample
from repaudit.check.purse import Purse
from repaudit.check.rerun import Machine
from repaudit.check.sampling.clips import clip_error
from repaudit.check.sampling.evaluation import Sampling
from repaudit.check.sampling.measurement import Drawn
from repaudit.check.sampling.outcome import finished, unsettled
from repaudit.check.sampling.plan import Planned
from repaudit.contract.base import UnstatedError
from repaudit.contract.evaluation import Certification
from repaudit.contract.results import Results
from repaudit.contract.task import CertificationTask, Task
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import context_of
from repaudit.verdicts.sampling import NotSampled


@dataclass
class SampledRun:
    """What the samples gave."""

    samples: dict[str, Sample] = field(default_factory=dict)
    drawn: dict[str, Drawn] = field(default_factory=dict)
    """by evaluation"""


@dataclass(frozen=True)
class Samples:
    """What the samples of all evaluations have in common."""

    results: Results
    tasks: Mapping[str, Sequence[Task] | str]
    released: Mapping[str, Records]
    machine: Machine
    seed: bytes
    margin: float
    """materiality of accuracies as a fraction"""
    purse: Purse
    speeds: Mapping[str, float]
    """forwards per second, where they were measured"""

    def draw(self, planned: Sequence[Planned], settled: Callable[[Sample], None]) -> SampledRun:
        """Sample the evaluations that are planned so; one that cannot be sampled is left out.

        ``settled`` is told of each sample as soon as it ends.
        """
        from repaudit.rerun.study import CANNOT_RUN, ENDS_THE_RUN

        run = SampledRun()
        for plan in planned:
            try:
                sampling = self._sampling(plan)
                sample = _sample(sampling, self.purse)
            except ENDS_THE_RUN:
                raise
            except (NotSampled, CannotEstimate, UnstatedError, *CANNOT_RUN):
                continue  # a full re-run says what is wrong, or has nothing in its way
            run.samples[plan.evaluation], run.drawn[plan.evaluation] = sample, Drawn.of(sampling)
            settled(sample)
        return run

    def _sampling(self, plan: Planned) -> Sampling:
        name = plan.evaluation
        declared = self.results.evaluations[name]
        runs = [task for task in self.tasks[name] if isinstance(task, CertificationTask)]
        if not isinstance(declared, Certification) or not runs:
            raise NotSampled("no certification")
        return Sampling.begin(
            declared,
            context_of(self.results, name),
            runs,
            self.released.get(name),
            self.machine,
            self.seed,
            self.margin,
            plan.forwards,
            self.speeds.get(name),
        )


def _sample(sampling: Sampling, purse: Purse) -> Sample:
    """Return the sample of one evaluation: clips, then released counts, then examples."""
    error = None
    if isinstance(sampling.released, CertificationRecords):
        error = clip_error(sampling.elements, sampling.released, sampling.context)
    stopped = sampling.check_records(purse) or sampling.check_examples(purse)
    if stopped is not None:
        return unsettled(sampling, error, stopped)
    return finished(sampling, error)
