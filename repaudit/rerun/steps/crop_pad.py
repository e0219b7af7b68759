"""``crop_pad``: a fixed number of samples; ``[..., L]`` → ``[..., length_samples]``."""

import math

import torch
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import LinearStep, Signal, Unsupported


class CropPad(LinearStep):
    """Every output sample is one input sample, or zero: a table of positions.

    ``anchor: center`` keeps the samples from ``floor((L - length) / 2)`` on, and puts a short clip
    behind ``floor((length - L) / 2)`` padded samples. ``repeat`` continues the clip periodically,
    ``reflect`` mirrors it without repeating its ends, on both sides of where it lies.
    """

    declares = steps.CropPad

    def __init__(self, step: steps.CropPad) -> None:
        super().__init__(step)
        self.length = stated(step.length_samples, "crop_pad.length_samples")
        self.anchor = stated(step.anchor, "crop_pad.anchor")
        self.pad = stated(step.pad, "crop_pad.pad")
        if self.anchor == "random":
            raise Unsupported(f"{self.name}: a random crop is no function of the clip")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the cropped or padded signal, with the unpadded part as ``active``."""
        values = signal.values
        source, real = self._positions(values.shape[-1], values.device)
        kept = values.index_select(-1, source)
        if self.pad == "zero":
            kept = kept * real
        return Signal(kept, signal.sample_rate_hz, self._active(signal))

    def operator_norm(self, before: Signal) -> float:
        """Return the root of the number of copies of the sample that is copied most often."""
        source, real = self._positions(before.values.shape[-1], torch.device("cpu"))
        used = source[real] if self.pad == "zero" else source
        return math.sqrt(int(torch.bincount(used).max()))

    def _first(self, length: int) -> int:
        """Return the position in the input of the first output sample (negative = padded)."""
        spare = length - self.length
        if self.anchor == "start":
            return 0
        if self.anchor == "end":
            return spare
        return spare // 2 if spare >= 0 else -(-spare // 2)

    def _positions(self, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return the input position of every output sample, and which lie inside the input."""
        at = torch.arange(self.length, device=device) + self._first(length)
        real = (at >= 0) & (at < length)
        if self.pad == "repeat":
            return at % length, real
        if self.pad == "reflect" and length > 1:
            folded = at % (2 * length - 2)
            return torch.minimum(folded, 2 * length - 2 - folded), real
        return at.clamp(0, length - 1), real

    def _active(self, signal: Signal) -> Tensor:
        size, length = signal.values.shape[0], signal.values.shape[-1]
        bounds = signal.active
        if bounds is None:
            bounds = torch.tensor([[0, length]], device=signal.values.device).expand(size, 2)
        return (bounds - self._first(length)).clamp(0, self.length)
