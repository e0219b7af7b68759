"""``quantize``: rounding to 2^bits levels, on [-1, 1) for waveforms and [0, 1] for images."""

from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported


class Quantize(StepModule):
    """The nearest level (ties to the even one); values outside the range go to its ends."""

    declares = steps.Quantize

    def __init__(self, step: steps.Quantize) -> None:
        super().__init__(step)
        self.levels = 2 ** stated(step.bits, "quantize.bits")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the rounded signal; ``Unsupported`` for features, which have no range."""
        if signal.values.dim() < 4:
            return signal.with_values(self._waveform(signal.values))
        if signal.sample_rate_hz is not None:
            raise Unsupported(f"{self.name} has no range for features")
        top = self.levels - 1
        return signal.with_values((signal.values.clamp(0, 1) * top).round() / top)

    def _waveform(self, values: Tensor) -> Tensor:
        """16 bits: ``round(x * 32768)``, kept within -32768 and 32767, over 32768."""
        half = self.levels // 2
        rounded: Tensor = (values * half).round().clamp(-half, half - 1) / half
        return rounded
