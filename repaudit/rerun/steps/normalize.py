"""``normalize``: ``x * target / measure(measured_on)``, RMS or peak, per example."""

import math

import torch
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import UnstatedError, stated
from repaudit.contract.types import Real
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported, per_example


class ZeroEnergy(Unsupported):
    """An example whose measure is 0, where such examples are declared excluded from the data."""


class Normalize(StepModule):
    """The gain of an example is a function of that example and its clean signal alone.

    A measure of 0 follows ``zero_energy``: gain 1, or ``target / floor``, or ``ZeroEnergy``.
    """

    declares = steps.Normalize

    def __init__(self, step: steps.Normalize) -> None:
        super().__init__(step)
        self.kind = stated(step.measure, "normalize.measure")
        target = stated(step.target, "normalize.target")
        self.target = float(target) if isinstance(target, Real) else None
        self.frozen = stated(step.measured_on, "normalize.measured_on") == "clean"
        self.all_samples = stated(step.includes_padding, "normalize.includes_padding")
        self.zero_energy = stated(step.zero_energy, "normalize.zero_energy")
        self.floor = 0.0 if step.floor is None else float(step.floor)
        if self.zero_energy == "floor" and self.floor <= 0:
            raise UnstatedError("normalize.floor")

    @property
    def needs_clean(self) -> bool:
        """Whether the gain is frozen, or aims at the measure of the clean signal."""
        return self.frozen or self.target is None

    @property
    def opaque(self) -> str | None:
        """A frozen gain is linear; an RMS gain without a floor maps onto a sphere."""
        if self.frozen:
            return None
        if self.kind == "peak":
            return f"{self.name} measures the peak of what arrives"
        return f"{self.name} has a floor in its gain" if self.zero_energy == "floor" else None

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the scaled signal."""
        gain = self.gain(signal, clean)
        return signal.with_values(signal.values * per_example(gain, signal.values))

    def gain(self, signal: Signal, clean: Signal) -> Tensor:
        """Return the factor of every example, ``[B]`` or ``[1]``."""
        measured = self.measure(clean if self.frozen else signal)
        zero = measured == 0
        if self.zero_energy == "floor":
            measured = measured.clamp(min=self.floor)
        elif self.zero_energy == "exclude" and bool(zero.any()):
            raise ZeroEnergy(f"{self.name}: a clip of no energy, declared excluded, is in the data")
        target = self.measure(clean) if self.target is None else self.target
        gain = target / measured
        return torch.where(zero, 1.0, gain) if self.zero_energy == "leave" else gain

    def measure(self, signal: Signal) -> Tensor:
        """Return RMS or peak of every example over all its channels and samples, ``[B]``."""
        values, counted = signal.values, math.prod(signal.values.shape[1:])
        if not self.all_samples and signal.active is not None:
            at = torch.arange(values.shape[-1], device=values.device)
            start, end = signal.active[:, :1], signal.active[:, 1:]
            mask = ((at >= start) & (at < end)).reshape(-1, *[1] * (values.dim() - 2), len(at))
            values = values * mask
            spread = counted // len(at)
            return self._of(values, ((end - start)[:, 0] * spread).double())
        return self._of(values, torch.tensor(float(counted), dtype=torch.float64))

    def _of(self, values: Tensor, counted: Tensor) -> Tensor:
        flat = values.flatten(1)
        if self.kind == "peak":
            return flat.abs().amax(1)
        # Summed in float64: in float32 the gain would be off by several units of its last digit.
        norms = torch.linalg.vector_norm(flat, dim=1, dtype=torch.float64)
        rms: Tensor = (norms / counted.clamp(min=1).sqrt()).to(values.dtype)
        return rms

    def pull_back(self, radius: float, before: Signal) -> float:
        """Return the radius at the input of a frozen gain, or of an RMS gain.

        The RMS gain maps onto a sphere of radius ``||r||``: the outputs within R of r are a cap
        of angle ``2 asin(R / (2 ||r||))``, and its inputs a cone around ``a`` of that angle.
        """
        gain = float(self.gain(before, before)[0])
        if self.frozen:
            return radius / gain if gain > 0 else math.inf
        norm = float(torch.linalg.vector_norm(before.values))
        after = gain * norm
        if radius >= math.sqrt(2) * after:
            return norm
        return norm * math.sin(2 * math.asin(radius / (2 * after)))
