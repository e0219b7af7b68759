"""``standardize``: ``(x - mean) / std``, with fixed numbers or those of the example itself."""

import torch
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported

AXES = {"channel": 1, "frequency": -2}


class Standardize(StepModule):
    """Per example, channel or frequency; lists run along the declared axis.

    ``computed_from: input`` takes mean and standard deviation (over all N values, divided by N)
    of every example by itself; a constant, which has no deviation, is only centred.
    """

    declares = steps.Standardize
    mean: Tensor
    std: Tensor

    def __init__(self, step: steps.Standardize) -> None:
        super().__init__(step)
        self.axis = stated(step.axis, "standardize.axis")
        self.fixed = stated(step.computed_from, "standardize.computed_from") == "training_set"
        for name in ("mean", "std"):
            given = stated(getattr(step, name), f"standardize.{name}") if self.fixed else []
            numbers = [float(x) for x in (given if isinstance(given, list) else [given])]
            self.register_buffer(name, torch.tensor(numbers), persistent=False)
            if self.axis == "all" and len(numbers) > 1:
                raise Unsupported(f"{self.name}: a list of {name} needs an axis")
        if self.fixed and bool((self.std <= 0).any()):
            raise Unsupported(f"{self.name}: std must be positive")

    @property
    def opaque(self) -> str | None:
        """Fixed numbers make it affine; those of the input do not."""
        return None if self.fixed else f"{self.name} is computed from the input"

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the standardised signal."""
        values = signal.values
        if self.fixed:
            mean, std = self._along(self.mean, values), self._along(self.std, values)
            return signal.with_values((values - mean) / std)
        return signal.with_values(self._of_input(values))

    def pull_back(self, radius: float, before: Signal) -> float:
        """Return ``radius`` times the smallest deviation."""
        return radius * float(self.std.min())

    def _of_input(self, values: Tensor) -> Tensor:
        kept = self._axis(values)
        over = [axis for axis in range(1, values.dim()) if axis != kept]
        mean = values.mean(over, keepdim=True)
        std = values.std(over, correction=0, keepdim=True)
        return (values - mean) / torch.where(std > 0, std, torch.ones_like(std))

    def _along(self, numbers: Tensor, values: Tensor) -> Tensor:
        """Return the numbers in the shape that broadcasts along the declared axis."""
        if numbers.numel() == 1:
            return numbers
        axis = self._axis(values)
        if axis is None or values.shape[axis] != numbers.numel():
            shape = tuple(values.shape[1:])
            raise Unsupported(f"{self.name}: {numbers.numel()} numbers for a shape of {shape}")
        return numbers.reshape([-1 if a == axis else 1 for a in range(values.dim())])

    def _axis(self, values: Tensor) -> int | None:
        """Return the axis of the statistics; None = one number for the whole example."""
        if self.axis == "frequency" and values.dim() < 4:
            raise Unsupported(f"{self.name}: a waveform has no frequency axis")
        if self.axis == "all" or values.dim() < 3:
            return None
        return AXES[self.axis] % values.dim()
