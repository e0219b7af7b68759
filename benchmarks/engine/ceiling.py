"""What the engine cannot beat: its own network in its own blocks, with nothing keyed or counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.plan import Plan, blocks_at_once
from repaudit.rerun.stages import Stages, Subject, stack
from repaudit.rerun.works import Ready
from repaudit.rerun.workspace import Workspace

Forward = Callable[[Tensor], object]


def forward_of(ready: Ready) -> Forward:
    """Return the network of a plan, compiled where it was, without the copy to the CPU."""
    return ready.network.module if ready.network.fast is None else ready.network.fast


@dataclass(frozen=True)
class Ceiling:
    """A network in blocks of one size, in as many threads as the engine has workers."""

    engine: Engine
    task: CertificationTask
    stages: Stages
    subject: Subject
    plan: Plan
    forward: Forward

    @staticmethod
    def of(engine: Engine, task: CertificationTask) -> "Ceiling":
        """Return the ceiling of an engine's own plan for a task."""
        ready = engine.ready(task)
        subject = ready.stages.subject(ready.dataset, 0)
        return Ceiling(engine, task, ready.stages, subject, ready.plan, forward_of(ready))

    def inputs(self, rows: Tensor) -> Tensor:
        """Return the network's inputs for noisy rows."""
        owners = [(self.subject.signal, len(rows))]
        noisy = self.stages.transformed(stack(rows, owners), owners)
        return self.stages.inputs(noisy, owners)

    def bare(self, forwards: int) -> int:
        """Run the network alone on inputs that are ready."""
        like = self.subject.signal.values
        rows = like + self.task.sigma * torch.randn_like(
            like.expand(self.plan.rows, *like[0].shape)
        )
        with torch.inference_mode(), self.engine.arithmetic(self.task):
            x = self.inputs(rows)
        return self._threads(lambda space: lambda: self.forward(x), forwards)

    def noisy(self, forwards: int) -> int:
        """Run T, the rest and the network on fresh noise, unkeyed, added to one example."""
        clean = self.subject.signal.values

        def block_of(space: Workspace) -> Callable[[], object]:
            rows = space.buffer("rows", (self.plan.rows, *clean.shape[1:]), clean.dtype)
            generator = torch.Generator(self.plan.device)

            def block() -> object:
                rows.normal_(generator=generator).mul_(self.task.sigma).add_(clean)
                return self.forward(self.inputs(rows))

            return block

        return self._threads(block_of, forwards)

    def _threads(self, block_of: Callable[[Workspace], Callable[[], object]], forwards: int) -> int:
        """Compute blocks in all threads; return how many rows were computed."""
        count = blocks_at_once(self.plan, self.engine.settings)
        blocks = -(-forwards // self.plan.rows)
        left = iter(range(blocks))  # threads take from it in turn, as the engine's workers do

        def work(_: int) -> None:
            space = Workspace(self.plan)
            block = block_of(space)
            for _ in left:
                with space.computing():
                    block()

        with (
            self.engine.arithmetic(self.task),
            ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as threads,
        ):
            list(threads.map(work, range(count)))
            if self.plan.device.type == "cuda":
                torch.cuda.synchronize(self.plan.device)
        return blocks * self.plan.rows
