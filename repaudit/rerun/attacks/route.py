"""From the coordinates of a threat model through those of a defence to the network's scores.

    recording → [steps] → x, attacked here → [steps] → averaged here → [steps] → network → scores

Both places are locations of one pipeline; the defence may not stand before the attack.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from repaudit.contract.coordinates import END, split_at
from repaudit.contract.data import Data
from repaudit.contract.steps import Clip, Step
from repaudit.contract.task import EmpiricalTask, Unsupported
from repaudit.rerun.attacks.problem import chunks
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.network import Network
from repaudit.rerun.pipeline import Chain, build_chain
from repaudit.rerun.pool import is_out_of_memory
from repaudit.rerun.stages import Stages, Subject, build_stages
from repaudit.rerun.steps.base import Signal

KEEPS_RANGE = frozenset({"mix_down", "resample", "crop_pad", "quantize", "resize", "center_crop"})
"""Steps after which a recording or an image still lies in its own range."""


@dataclass(frozen=True)
class Route:
    """A pipeline cut at the attack and at the defence, with its network."""

    stages: Stages
    """up to the attacked coordinates"""
    middle: Chain
    """from there to the averaged ones"""
    rest: Chain
    """from there to the network"""
    network: Network

    def at_defence(self, x: Tensor, clean: Signal) -> tuple[Signal, Signal]:
        """Return inputs and their clean signals where the defence averages."""
        signal = self.middle(clean.with_values(x), clean if self.middle.needs_clean else None)
        needed = self.rest.needs_clean
        return signal, self.middle(clean) if needed else signal

    def scores(self, at: Signal, clean: Signal) -> Tensor:
        """Return float[n, classes] whose largest entry is the class; logits where there are any."""
        inputs = self.rest(at, clean if self.rest.needs_clean else None).values
        return scores_of(self._output(inputs), self.network.output, self.network.classes)

    def _output(self, inputs: Tensor) -> Tensor:
        batch = self.network.batch
        try:
            if batch is None:
                return self.network.output_of(inputs)
            return torch.cat([self._padded(part, batch) for part in chunks(inputs, batch)])
        # The network may be anybody's code; its failure is a finding, not a fault of ours.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            reason = str(error).strip().partition("\n")[0] or repr(error)
            expected = f"an output for an input {list(inputs.shape)}"
            raise ModelError("network", expected, reason) from error

    def _padded(self, part: Tensor, batch: int) -> Tensor:
        """Return the output of a program that takes one batch size only."""
        missing = batch - len(part)
        rows = torch.cat([part, part[:1].expand(missing, *part.shape[1:])]) if missing else part
        return self.network.output_of(rows)[: len(part)]


def make_route(
    task: EmpiricalTask, network: Network, device: torch.device, *, allow_code: bool
) -> Route:
    """Return the route of a task.

    Raises ``UnstatedError``, ``Unsupported``, also for a defence in front of the attack.
    """
    attacked, averaged = _cuts(task)
    dtype = torch.float64 if task.model.dtype == "float64" else torch.float32
    names = ["input", *(step.location for step in task.pipeline)]
    start = names[attacked] if attacked < len(task.pipeline) else END
    stages = build_stages(task.pipeline, start, (), device, dtype, allow_code=allow_code)
    middle, rest = task.pipeline[attacked:averaged], task.pipeline[averaged:]
    chains = [build_chain(part, allow_code=allow_code).to(device, dtype) for part in (middle, rest)]
    return Route(stages, chains[0], chains[1], network)


def _cuts(task: EmpiricalTask) -> tuple[int, int]:
    """Return how many steps lie before the attack, and before the defence."""
    places = [task.threat, task.defence]
    found = [
        None if place is None else len(split_at(task.pipeline, str(place.location))[0])
        for place in places
    ]
    first = next((cut for cut in found if cut is not None), len(task.pipeline))
    attacked = first if found[0] is None else found[0]
    averaged = attacked if found[1] is None else found[1]
    if averaged < attacked:
        raise Unsupported("a defence that averages before the place that is attacked cannot be run")
    return attacked, averaged


def scores_of(output: Tensor, kind: str, classes: int | None) -> Tensor:
    """Return an output as scores: logits, logarithms of probabilities, or one for the class.

    Raises ``Unsupported`` for classes whose number is not declared.
    """
    if kind == "probabilities":
        return output.clamp(min=torch.finfo(output.dtype).tiny).log()
    if kind != "class":
        return output
    if classes is None:
        raise Unsupported("the network puts out classes, and their number is unstated")
    labels = output.reshape(len(output)).long()
    return torch.nn.functional.one_hot(labels, classes).to(torch.float32)


def block_of(subjects: Sequence[Subject]) -> Signal:
    """Return examples of one layout as one signal: normal tensors, which may carry gradients."""
    values = torch.cat([subject.signal.values.clone() for subject in subjects])
    first = subjects[0].signal
    active = None
    if first.active is not None:
        bounds = [s.signal.active for s in subjects if s.signal.active is not None]
        active = torch.cat([bound.clone() for bound in bounds])
    return Signal(values, first.sample_rate_hz, active)


def rows_of(signal: Signal, rows: Tensor) -> Signal:
    """Return some rows of a block."""
    active = None if signal.active is None else signal.active[rows]
    return Signal(signal.values[rows], signal.sample_rate_hz, active)


def box_of(data: Data, rho: Sequence[Step]) -> tuple[float, float]:
    """Return the range of the coordinates after some steps; infinite where there is none.

    Images lie in [0, 1], recordings in [-1, 1], until a step scales them; ``clip`` makes a box.
    """
    box = {"image": (0.0, 1.0), "audio": (-1.0, 1.0)}.get(data.kind, (-torch.inf, torch.inf))
    for step in rho:
        if isinstance(step, Clip) and step.low != "unstated" and step.high != "unstated":
            box = (float(step.low), float(step.high))
        elif step.step not in KEEPS_RANGE:
            box = (-torch.inf, torch.inf)
    return box
