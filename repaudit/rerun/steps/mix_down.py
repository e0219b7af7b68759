"""``mix_down``: the mean of the channels, or the first; ``[B, C, T]`` → ``[B, T]``."""

import math

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import LinearStep, Signal


class MixDown(LinearStep):
    """Several channels to one; a signal without a channel axis stays as it is."""

    declares = steps.MixDown

    def __init__(self, step: steps.MixDown) -> None:
        super().__init__(step)
        self.method = stated(step.method, "mix_down.method")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the one channel."""
        if signal.values.dim() < 3:
            return signal
        values = signal.values
        return signal.with_values(values.mean(1) if self.method == "mean" else values[:, 0])

    def operator_norm(self, before: Signal) -> float:
        """Return 1 / sqrt(C) for the mean of C channels: ``|sum x_c| / C <= ||x|| sqrt(C) / C``."""
        if before.values.dim() < 3 or self.method == "first":
            return 1.0
        return 1 / math.sqrt(before.values.shape[1])
