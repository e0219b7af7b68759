"""``custom``: the author's own function; importing it runs the author's code."""

from collections.abc import Callable
from importlib import import_module

from torch import Tensor

from repaudit.contract import steps
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported


class Custom(StepModule):
    """``function(values)`` on ``[B, ...]``, returning ``[B, ...]``, each example by itself."""

    declares = steps.Custom

    def __init__(self, step: steps.Custom) -> None:
        super().__init__(step)
        self.function = _import(step.entry_point)
        self.notes.append(f"{self.name}: ran the author's {step.entry_point}")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return what the author's function makes of the values."""
        values = self.function(signal.values)
        if not isinstance(values, Tensor) or values.shape[:1] != signal.values.shape[:1]:
            raise Unsupported(f"{self.name}: the function did not return one row per example")
        same_length = values.shape[-1] == signal.values.shape[-1]
        return Signal(values, signal.sample_rate_hz, signal.active if same_length else None)


def _import(entry_point: str) -> Callable[[Tensor], object]:
    module, _, name = entry_point.partition(":")
    try:
        function = getattr(import_module(module), name)
    except Exception as error:  # the author's code may raise anything
        raise Unsupported(f"{entry_point} cannot be imported ({error})") from error
    if not callable(function):
        raise Unsupported(f"{entry_point} is no function")
    return function  # type: ignore[no-any-return]
