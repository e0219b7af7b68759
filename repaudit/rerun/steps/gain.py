"""``gain``: every sample times a fixed factor."""

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import LinearStep, Signal


class Gain(LinearStep):
    """``x * factor``."""

    declares = steps.Gain

    def __init__(self, step: steps.Gain) -> None:
        super().__init__(step)
        self.factor = float(stated(step.factor, "gain.factor"))

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the scaled signal."""
        return signal.with_values(signal.values * self.factor)

    def operator_norm(self, before: Signal) -> float:
        """Return the magnitude of the factor."""
        return abs(self.factor)
