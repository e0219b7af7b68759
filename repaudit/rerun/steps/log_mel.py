"""``log_mel``: mel bands; ``[B, samples]`` → ``[B, 1, n_mels, frames]``."""

import warnings
from typing import ClassVar

import torch
import torchaudio
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported
from repaudit.rerun.steps.framing import Framing, Logarithm, waveforms

GROUPS = 4
"""of neighbouring filters: a filter touches few bins, and a group little more"""
Group = tuple[slice, Tensor]
"""the bins that some filters touch, and the filters over them, ``[filters, bins]``"""


class LogMel(StepModule):
    """Spectrogram, torchaudio's triangular mel filters, logarithm."""

    declares: ClassVar[type[steps.BaseStep]] = steps.LogMel

    def __init__(self, step: steps.LogMel | steps.Mfcc) -> None:
        super().__init__(step)
        name = step.step
        self.framing = Framing(step)
        self.logarithm = Logarithm(step)
        self.n_mels = stated(step.n_mels, f"{name}.n_mels")
        self.f_min_hz = float(stated(step.f_min_hz, f"{name}.f_min_hz"))
        self.f_max_hz = float(stated(step.f_max_hz, f"{name}.f_max_hz"))
        self.mel_scale = stated(step.mel_scale, f"{name}.mel_scale")
        self.filter_norm = stated(step.filter_norm, f"{name}.filter_norm")
        self._banks: dict[tuple[int, torch.device, torch.dtype], list[Group]] = {}
        if self.f_min_hz >= self.f_max_hz:
            raise Unsupported(f"{self.name}: f_min_hz is not below f_max_hz")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the log-mel spectrogram."""
        return Signal(self.bands(signal), signal.sample_rate_hz, None)

    def bands(self, signal: Signal) -> Tensor:
        """Return the log-mel spectrogram as ``[B, channels, n_mels, frames]``."""
        if signal.sample_rate_hz is None:
            raise Unsupported(f"{self.name} needs the sample rate of its input")
        spectra = self.framing(waveforms(signal, self.name))
        bins = spectra.reshape(-1, spectra.shape[-1])
        groups = self.groups(signal.sample_rate_hz, spectra)
        # Bands first: then the groups stand one after the other, and the network's layout follows.
        mels = torch.cat([bank @ bins[:, touched].T for touched, bank in groups])
        size = signal.values.shape[0]
        logs = self.logarithm(mels.reshape(self.n_mels, size, -1).transpose(0, 1))
        return logs.reshape(size, self.n_mels, -1, spectra.shape[1]).transpose(1, 2)

    def groups(self, rate_hz: int, spectra: Tensor) -> list[Group]:
        """Return the filters in groups of neighbours, each over the bins that it touches."""
        key = (rate_hz, spectra.device, spectra.dtype)
        if key not in self._banks:
            # A tensor made in inference mode could not take part in a gradient later.
            with torch.inference_mode(False):
                bank = self.filters(rate_hz).T.to(spectra).contiguous()
                if not bank.any():
                    raise Unsupported(f"{self.name}: no mel filter holds a bin")
                self._banks[key] = [_group(part) for part in bank.chunk(GROUPS)]
        return self._banks[key]

    def filters(self, rate_hz: int) -> Tensor:
        """Return the mel filters, ``float32[n_fft / 2 + 1, n_mels]``."""
        norm = None if self.filter_norm == "none" else self.filter_norm
        with warnings.catch_warnings():
            # A band too narrow to hold a bin is what the author declared.
            warnings.filterwarnings("ignore", message="At least one mel filterbank")
            bank: Tensor = torchaudio.functional.melscale_fbanks(
                self.framing.n_fft // 2 + 1,
                self.f_min_hz,
                self.f_max_hz,
                self.n_mels,
                rate_hz,
                norm,
                self.mel_scale,
            )
        return bank


def _group(bank: Tensor) -> Group:
    """Return filters without the bins that none of them touches; at least one bin stays."""
    touched = bank.any(0).nonzero()[:, 0].tolist() or [0]
    bins = slice(touched[0], touched[-1] + 1)
    return bins, bank[:, bins].contiguous()
