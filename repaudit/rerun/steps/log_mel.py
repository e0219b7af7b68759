"""``log_mel``: mel bands; ``[B, samples]`` → ``[B, 1, n_mels, frames]``."""

import warnings
from typing import ClassVar

import torch
import torchaudio
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, StepModule, Unsupported
from repaudit.rerun.steps.framing import Framing, Logarithm, as_features, waveforms


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
        self._banks: dict[tuple[int, torch.device, torch.dtype], tuple[int, Tensor]] = {}
        if self.f_min_hz >= self.f_max_hz:
            raise Unsupported(f"{self.name}: f_min_hz is not below f_max_hz")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the log-mel spectrogram."""
        return as_features(self.rows(signal), signal)

    def rows(self, signal: Signal) -> Tensor:
        """Return the log-mel spectrogram as ``[B * channels, frames, n_mels]``."""
        if signal.sample_rate_hz is None:
            raise Unsupported(f"{self.name} needs the sample rate of its input")
        spectra = self.framing(waveforms(signal, self.name))
        start, bank = self.bank(signal.sample_rate_hz, spectra)
        mels = spectra[..., start : start + bank.shape[0]] @ bank
        size = signal.values.shape[0]
        logs = self.logarithm(mels.reshape(size, -1, self.n_mels))
        return logs.reshape(mels.shape)

    def bank(self, rate_hz: int, spectra: Tensor) -> tuple[int, Tensor]:
        """Return the filters as a matrix over the bins they touch, and the first such bin."""
        key = (rate_hz, spectra.device, spectra.dtype)
        if key not in self._banks:
            # A tensor made in inference mode could not take part in a gradient later.
            with torch.inference_mode(False):
                bank = self.filters(rate_hz)
                touched = bank.any(1).nonzero()[:, 0]
                if len(touched) == 0:
                    raise Unsupported(f"{self.name}: no mel filter holds a bin")
                start, end = int(touched[0]), int(touched[-1]) + 1
                self._banks[key] = start, bank[start:end].to(spectra).contiguous()
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
