"""A pipeline cut where the noise enters: rho before it, T on it, the rest after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from repaudit.contract.coordinates import END, split_at
from repaudit.contract.steps import Step
from repaudit.rerun.data import Dataset
from repaudit.rerun.device import onto
from repaudit.rerun.pipeline import Chain, build_chain
from repaudit.rerun.steps.base import Signal

Owners = Sequence[tuple[Signal, int]]
"""the clean signals of a block's rows, each with how many consecutive rows it has"""


@dataclass(frozen=True)
class Subject:
    """One example, ready for noise."""

    example_id: str
    label: int
    recording: Signal
    """as it was loaded: a batch of one on the CPU"""
    signal: Signal
    """after rho: a batch of one on the device, in the pipeline's type"""
    norm: float
    """L2 norm of ``signal``, float64"""

    @property
    def nbytes(self) -> int:
        """Bytes of its two signals."""
        return self.recording.values.nbytes + self.signal.values.nbytes

    @property
    def layout(self) -> tuple[tuple[int, ...], int | None]:
        """What examples must share to stand in one block: shape and sample rate."""
        return tuple(self.signal.values.shape), self.signal.sample_rate_hz


@dataclass(frozen=True)
class Stages:
    """The three chains of a pipeline on one device, in one arithmetic."""

    rho_steps: tuple[Step, ...]
    rho: Chain
    transform: Chain | None
    """``None`` = identity"""
    rest: Chain
    device: torch.device
    dtype: torch.dtype

    @property
    def notes(self) -> list[str]:
        """What a reader of the measurement should know about how the steps were run."""
        chains = [self.rho, self.transform, self.rest]
        return [note for chain in chains if chain is not None for note in chain.notes]

    def cast(self, signal: Signal) -> Signal:
        """Return a signal on the device and in the type of these stages."""
        active = None if signal.active is None else onto(self.device, signal.active)
        return replace(signal, values=onto(self.device, signal.values, self.dtype), active=active)

    def subject(self, dataset: Dataset, index: int) -> Subject:
        """Load one example and bring it to where the noise enters. Raises ``FileFault``."""
        example, recording = dataset.examples[index], dataset.load(index)
        with torch.inference_mode():
            signal = self.rho(self.cast(recording))
            norm = torch.linalg.vector_norm(signal.values, dtype=torch.float64)
        return Subject(example.example_id, example.label, recording, signal, float(norm))

    def transformed(self, noisy: Signal, owners: Owners) -> Signal:
        """Return T of a block."""
        if self.transform is None:
            return noisy
        clean = _clean(owners) if self.transform.needs_clean else None
        signal: Signal = self.transform(noisy, clean)
        return signal

    def inputs(self, signal: Signal, owners: Owners) -> Tensor:
        """Return what the network gets for a block after the noise and T."""
        values: Tensor = self.rest(signal, _clean(owners) if self.rest.needs_clean else None).values
        return values


def build_stages(
    pipeline: Sequence[Step],
    location: str,
    transform: Sequence[Step],
    device: torch.device,
    dtype: torch.dtype,
    *,
    allow_code: bool,
) -> Stages:
    """Return the stages of a contract; raises ``UnstatedError`` and ``Unsupported``."""
    before, after = split_at(pipeline, location)
    rho, tee, rest = (
        build_chain(steps, allow_code=allow_code).to(device, dtype)
        for steps in (before, transform, after)
    )
    return Stages(before, rho, tee if transform else None, rest, device, dtype)


def whole_pipeline(
    pipeline: Sequence[Step], device: torch.device, dtype: torch.dtype, *, allow_code: bool
) -> Stages:
    """Return a pipeline without noise: all of it is rho."""
    return build_stages(pipeline, END, (), device, dtype, allow_code=allow_code)


def stack(rows: Tensor, owners: Owners) -> Signal:
    """Return a block's rows as one signal, with what their owners say about padding."""
    return Signal(rows, owners[0][0].sample_rate_hz, _active(owners))


def _active(owners: Owners) -> Tensor | None:
    bounds = [
        signal.active.expand(count, 2) for signal, count in owners if signal.active is not None
    ]
    return torch.cat(bounds) if bounds else None


def _clean(owners: Owners) -> Signal:
    values = [signal.values.expand(count, *signal.values.shape[1:]) for signal, count in owners]
    return stack(torch.cat(values), owners)
