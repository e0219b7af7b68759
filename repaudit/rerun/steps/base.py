"""What travels through a pipeline, and what every step of it has in common."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

from torch import Tensor, nn

from repaudit.contract.steps import BaseStep
from repaudit.contract.task import Unsupported

__all__ = ["LinearStep", "Signal", "StepModule", "Unsupported", "per_example"]


@dataclass(frozen=True)
class Signal:
    """A batch of examples somewhere in a pipeline."""

    values: Tensor
    """``[B, channels, samples]`` recordings, ``[B, samples]`` after the mix-down,
    ``[B, 1, bands, frames]`` features, ``[B, C, H, W]`` images"""
    sample_rate_hz: int | None
    """of the waveform; kept behind a spectral step; None for images and arrays"""
    active: Tensor | None = None
    """``int64[B, 2]``, first sample and end of the unpadded part; None = everything"""

    def with_values(self, values: Tensor) -> "Signal":
        """Return the same signal with other values of the same length."""
        return replace(self, values=values)


class StepModule(nn.Module):
    """One declared step, run: a function of each example alone, never of its batch.

    A step file holds one subclass; ``declares`` is the declaration it takes as its only argument.
    The constructor raises ``UnstatedError`` for a parameter the source does not give and
    ``Unsupported`` for one that cannot be run; ``forward`` raises ``Unsupported`` for an input
    the step is not defined on.
    """

    declares: ClassVar[type[BaseStep]]

    def __init__(self, step: BaseStep) -> None:
        super().__init__()
        self.name = step.location
        self.notes: list[str] = []
        """what a reader of the measurement should know about how the step was run"""

    @property
    def needs_clean(self) -> bool:
        """Whether the step looks at the clean signal too."""
        return False

    @property
    def opaque(self) -> str | None:
        """Why no radius can be pulled back through the step; None = it can."""
        return f"{self.name} is not a linear step"

    @abstractmethod
    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the signal after the step; ``clean`` (batch of 1 or B) is read if needed."""

    def pull_back(self, radius: float, before: Signal) -> float:
        """Return a radius around ``before`` whose open ball the step maps within ``radius``.

        ``before`` is a batch of one, and the clean signal. Only defined where ``opaque`` is None.
        """
        raise Unsupported(self.opaque or f"{self.name} has no radius at its input")


class LinearStep(StepModule):
    """A step that is linear in the signal, up to a constant."""

    @property
    def opaque(self) -> None:
        """Nothing: a linear step stretches a ball by its operator norm at most."""
        return

    @abstractmethod
    def operator_norm(self, before: Signal) -> float:
        """Return the largest factor by which the step stretches a difference (or a bound)."""

    def pull_back(self, radius: float, before: Signal) -> float:
        """Return ``radius`` over the operator norm."""
        norm = self.operator_norm(before)
        return radius / norm if norm > 0 else float("inf")


def per_example(values: Tensor, like: Tensor) -> Tensor:
    """Return ``[B]`` numbers in the shape that broadcasts over ``like``, ``[B, ...]``."""
    return values.reshape(-1, *[1] * (like.dim() - 1))
