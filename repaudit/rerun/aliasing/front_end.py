"""The hop of a spectral step: a waveform's grid gets coarser by the hop length.

Measured where frames are made: the power (or magnitude) of every bin, of every mel band where the
step has filters, before the logarithm. The twin makes a frame at every sample.
"""

import copy
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.pipeline import Chain
from repaudit.rerun.steps.base import Signal, StepModule
from repaudit.rerun.steps.framing import Framing, waveforms
from repaudit.rerun.steps.log_mel import LogMel
from repaudit.rerun.steps.spectrogram import Spectrogram

FRAMES = 2048
"""dense frames that are made at a time"""

Bank = Callable[[Tensor], Tensor]


class Framed(Operation):
    """The frames of one recording; its maps are bins or bands, its one axis is time."""

    name = "frames"

    def __init__(self, framing: Framing, bank: Bank, waveform: Tensor) -> None:
        """``waveform`` is [channels, samples]; ``bank`` takes [..., bins] to bands."""
        self._framing, self._bank, self._waveform = framing, bank, waveform
        self.source = waveform[None]
        self.strides, self.extents = (framing.hop_length,), (framing.n_fft,)
        self.paddings = (framing.margin,)
        self._whole: Tensor | None = None

    @property
    def output(self) -> Tensor:
        """The step's own frames, [1, maps, frames]."""
        return _maps(self._bank(self._framing(self._waveform)))

    def dense(self, rows: slice, channels: slice, grid: Sequence[int]) -> Tensor:
        """Return a frame at every sample."""
        if self._whole is None:
            self._whole = self._every_frame(grid[0])
        return self._whole[rows, channels]

    def _every_frame(self, count: int) -> Tensor:
        framing = copy.copy(self._framing)
        framing.hop_length, framing.margin = 1, 0
        padded = self._framing.padded(self._waveform)
        padded = functional.pad(padded, (0, count + framing.n_fft - 1 - padded.shape[-1]))
        parts = [
            self._bank(framing(padded[:, first : first + FRAMES + framing.n_fft - 1]))
            for first in range(0, count, FRAMES)
        ]
        return _maps(torch.cat(parts, 1))


def _maps(frames: Tensor) -> Tensor:
    """Return ``[channels, frames, bands]`` as the maps of one example."""
    return frames.transpose(1, 2).flatten(0, 1)[None]


def front_end(chain: Chain, recording: Signal) -> Iterator[tuple[str, Operation | Refused]]:
    """Yield the steps of a pipeline that coarsen a recording's grid, by their layer's name.

    ``recording`` is a batch of one, on the chain's device and in its type.
    """
    signal = chain.start(recording)
    for step in chain.modules_in_order:
        layer = f"pipeline.{step.name}"
        operation = _framed(step, signal)
        if operation is not None and operation.strides[0] > 1:
            yield layer, operation
        before = signal
        signal = step(signal, signal)
        if _is_slower(before, signal):
            rates = f"{before.sample_rate_hz} to {signal.sample_rate_hz} Hz"
            yield layer, Refused(f"resampling from {rates} has its own filter and no stride")


def _framed(step: StepModule, signal: Signal) -> Framed | None:
    if isinstance(step, Spectrogram):
        return Framed(step.framing, nn.Identity(), waveforms(signal, step.name))
    if not isinstance(step, LogMel) or signal.sample_rate_hz is None:
        return None
    bank = step.filters(signal.sample_rate_hz).to(signal.values)
    return Framed(step.framing, lambda spectra: spectra @ bank, waveforms(signal, step.name))


def _is_slower(before: Signal, after: Signal) -> bool:
    rates = before.sample_rate_hz, after.sample_rate_hz
    return rates[0] is not None and rates[1] is not None and rates[1] < rates[0]
