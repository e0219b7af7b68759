"""``clip``: every coordinate limited to ``[low, high]``."""

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported


class Clip(StepModule):
    """``min(max(x, low), high)``; NaN stays NaN."""

    declares = steps.Clip

    def __init__(self, step: steps.Clip) -> None:
        super().__init__(step)
        self.low = float(stated(step.low, "clip.low"))
        self.high = float(stated(step.high, "clip.high"))
        if self.low > self.high:
            raise Unsupported(f"{self.name}: low {self.low:g} is above high {self.high:g}")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the limited signal."""
        return signal.with_values(signal.values.clamp(self.low, self.high))
