"""A declared list of steps as one module: rho, T, or a front end."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from repaudit.contract.steps import Custom, Step
from repaudit.rerun.steps import Signal, StepModule, Unsupported, build_step

__all__ = ["Chain", "Signal", "build_chain"]


class Chain(nn.Module):
    """Steps run one after the other, in the dtype and on the device of the chain.

    A function of each example by itself. Recordings of one channel lose their channel axis at
    the start. Constants (windows, filters) are single precision values also after
    ``.to(torch.float64)``, which therefore computes the same function with more digits.
    """

    anchor: Tensor

    def __init__(self, modules: Sequence[StepModule]) -> None:
        super().__init__()
        self.steps = nn.ModuleList(modules)
        self.register_buffer("anchor", torch.zeros(()), persistent=False)
        needing = [index for index, step in enumerate(modules) if step.needs_clean]
        self._clean_until = needing[-1] if needing else -1

    @property
    def modules_in_order(self) -> list[StepModule]:
        """The steps, in order."""
        return cast(list[StepModule], list(self.steps))

    @property
    def needs_clean(self) -> bool:
        """Whether a step looks at the clean signal."""
        return self._clean_until >= 0

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know about how the steps were run."""
        return [note for step in self.modules_in_order for note in step.notes]

    def forward(self, signal: Signal, clean: Signal | None = None) -> Signal:
        """Return the signal after all steps.

        ``clean`` is the unperturbed signal at the chain's start, a batch of 1 or B; without it
        the input is taken for the clean signal, as it is in rho.
        """
        signal, clean = self.start(signal), None if clean is None else self.start(clean)
        for index, step in enumerate(self.steps):
            after = step(signal, signal if clean is None else clean)
            if clean is not None and index < self._clean_until:
                clean = step(clean, clean)
            signal = after
        return signal

    def start(self, signal: Signal) -> Signal:
        """Return the signal as the first step takes it: dtype, device, no single channel axis."""
        values = signal.values.to(self.anchor)
        if values.dim() == 3 and values.shape[1] == 1:
            values = values[:, 0]
        active = None if signal.active is None else signal.active.to(values.device)
        return Signal(values, signal.sample_rate_hz, active)


def build_chain(steps: Sequence[Step], *, allow_code: bool = False) -> Chain:
    """Return the declared steps as a module, float32 on the CPU.

    Raises ``UnstatedError`` for a parameter that the source leaves open, ``Unsupported`` for a
    step or parameter that this version cannot run, and for ``custom`` unless ``allow_code``.
    """
    for step in steps:
        if isinstance(step, Custom) and not allow_code:
            raise Unsupported(f"the step {step.location} runs the author's code: --allow-code")
    return Chain([build_step(step) for step in steps])
