"""The samples of an audit, one evaluation after the other, as far as the budget reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from repaudit.audit.sample import Sample
from repaudit.check.budget import Purse
from repaudit.check.rerun import Machine
from repaudit.check.sampling.clips import clip_error
from repaudit.check.sampling.evaluation import Sampling
from repaudit.check.sampling.outcome import finished, unsettled
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
    draws: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    """our own draws by evaluation, one row per element that was looked at"""


def sample_all(
    names: Sequence[str],
    results: Results,
    tasks: Mapping[str, Sequence[Task] | str],
    released: Mapping[str, Records],
    machine: Machine,
    seed: bytes,
    margin: float,
    purse: Purse,
) -> SampledRun:
    """Sample the named evaluations; one that cannot be sampled is left out.

    ``margin`` is the materiality of accuracies as a fraction.
    """
    from repaudit.rerun.study import CANNOT_RUN

    run = SampledRun()
    for name in names:
        try:
            sampling = _sampling(name, results, tasks[name], released, machine, seed, margin)
        except (NotSampled, CannotEstimate, UnstatedError, *CANNOT_RUN):
            continue  # a full re-run says what is wrong, or has nothing in its way
        try:
            sample, rows = _sample(sampling, purse)
        except CANNOT_RUN:
            continue
        run.samples[name], run.draws[name] = sample, rows
    return run


def _sampling(
    name: str,
    results: Results,
    tasks: Sequence[Task] | str,
    released: Mapping[str, Records],
    machine: Machine,
    seed: bytes,
    margin: float,
) -> Sampling:
    declared = results.evaluations[name]
    runs = [task for task in tasks if isinstance(task, CertificationTask)]
    if not isinstance(declared, Certification) or not runs:
        raise NotSampled("no certification")
    context = context_of(results, name)
    return Sampling.begin(declared, context, runs, released.get(name), machine, seed, margin)


def _sample(sampling: Sampling, purse: Purse) -> tuple[Sample, list[dict[str, object]]]:
    """Return the sample of one evaluation: clips, then released counts, then examples."""
    error = None
    if isinstance(sampling.released, CertificationRecords):
        error = clip_error(sampling.samplers, sampling.released, sampling.context)
    stopped = sampling.check_records(purse) or sampling.check_examples(purse)
    if stopped is not None:
        return unsettled(sampling, error, stopped), sampling.rows
    return finished(sampling, error), sampling.rows
