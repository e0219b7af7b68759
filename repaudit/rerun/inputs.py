"""The network's inputs of one block: noise on what is certified, T, and the rest of the pipeline.

For every row ``r + sigma * eps``, in fixed blocks that several examples share. On the clean row of
an example neither noise nor T acts.

Reference: [CRK19] section 3.2; S1 eq. 1-2.
"""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from repaudit.contract.task import CertificationTask
from repaudit.rerun.data import Dataset
from repaudit.rerun.layout import Block, Span, pack
from repaudit.rerun.noise import Stream
from repaudit.rerun.plan import Plan
from repaudit.rerun.stages import Stages, Subject, stack
from repaudit.rerun.workspace import Workspace

Subjects = Sequence[Subject] | Mapping[int, Subject]
"""examples by the index that spans name them by"""
TRIAL_SEED = bytes(32)
TRIAL_EXAMPLES = 8
"""that a trial of a network draws its rows from"""


class Inputs:
    """Makes the blocks of one certification."""

    def __init__(self, task: CertificationTask, seed: bytes, stages: Stages, plan: Plan) -> None:
        self._task, self._seed, self._stages, self._plan = task, seed, stages, plan

    def block(self, space: Workspace, subjects: Subjects, spans: Block) -> Tensor:
        """Return the network's input for one block, float[rows, ...]; a short one is padded."""
        like = subjects[spans[0].example].signal.values
        rows = space.buffer("rows", (self._plan.rows, *like.shape[1:]), like.dtype)
        for span in spans:
            self._fill(space, rows[span.rows], subjects[span.example], span)
        padding = len(rows) - spans[-1].rows.stop
        rows[len(rows) - padding :] = rows[0]
        owners = [(subjects[span.example].signal, span.count) for span in spans]
        owners.append((owners[0][0], padding))
        noisy = self._stages.transformed(stack(rows, owners), owners)
        for span in spans:
            if span.phase == "clean" and self._stages.transform is not None:
                noisy.values[span.rows] = subjects[span.example].signal.values
        return self._stages.inputs(noisy, owners)

    def _fill(self, space: Workspace, rows: Tensor, subject: Subject, span: Span) -> None:
        values = subject.signal.values
        if span.phase == "clean":
            rows[:] = values
            return
        task = self._task
        stream = Stream(
            self._seed,
            task.evaluation,
            task.checkpoint.id,
            subject.example_id,
            task.repeat,
            span.phase,
        )
        space.add_noise(rows, values, stream, span.first, task.sigma)


def trial_blocks(
    task: CertificationTask, stages: Stages, dataset: Dataset, plan: Plan, rows: int
) -> Iterator[Tensor]:
    """Yield blocks with at least ``rows`` noisy inputs, of the largest of several examples.

    A block is valid until the next one. Their noise is of no audit. Raises ``FileFault``.
    """
    count = len(dataset.examples)
    chosen = range(0, count, max(1, count // TRIAL_EXAMPLES))[:TRIAL_EXAMPLES]
    subjects = [stages.subject(dataset, index) for index in chosen]
    if not subjects:
        return
    largest = max(subjects, key=lambda subject: subject.signal.values.numel())
    alike = [i for i, subject in enumerate(subjects) if subject.layout == largest.layout]
    each = -(-max(rows, plan.rows) // len(alike))
    inputs, space = Inputs(task, TRIAL_SEED, stages, plan), Workspace(plan)
    for spans in pack(((i, "probe", 0, each) for i in alike), plan.rows):
        with space.computing():
            block = inputs.block(space, subjects, spans)
        if plan.device.type == "cuda":
            torch.cuda.synchronize(plan.device)
        yield block
