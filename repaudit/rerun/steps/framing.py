"""The short-time Fourier transform and the logarithm that the spectral steps share."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from repaudit.contract.base import stated
from repaudit.contract.steps import LogMel, Mfcc, Spectrogram
from repaudit.rerun.steps.base import Signal, Unsupported

Spectral = Spectrogram | LogMel | Mfcc
WINDOWS: dict[str, Callable[[int], Tensor]] = {
    "hann": torch.hann_window,
    "hamming": torch.hamming_window,
    "blackman": torch.blackman_window,
    "bartlett": torch.bartlett_window,
    "rectangular": torch.ones,
}
PADS = {"reflect": "reflect", "zero": "constant", "edge": "replicate"}


class Framing(nn.Module):
    """Power or magnitude of the frames of a waveform.

    The constants are single precision values also in a float64 pipeline, so that both compute
    one and the same function.
    """

    window: Tensor

    def __init__(self, step: Spectral) -> None:
        super().__init__()
        name = step.step
        self.name = step.location
        self.n_fft = stated(step.n_fft, f"{name}.n_fft")
        self.win_length = stated(step.win_length, f"{name}.win_length")
        self.hop_length = stated(step.hop_length, f"{name}.hop_length")
        self.power = stated(step.power, f"{name}.power")
        self.margin = self.n_fft // 2 if stated(step.center, f"{name}.center") else 0
        self.pad_mode = PADS[stated(step.pad_mode, f"{name}.pad_mode")] if self.margin else ""
        if self.win_length > self.n_fft:
            raise Unsupported(f"{self.name}: the window is longer than the transform")
        window = WINDOWS[stated(step.window, f"{name}.window")](self.win_length)
        self.register_buffer("window", window, persistent=False)

    def forward(self, waveform: Tensor) -> Tensor:
        """Return ``[N, frames, n_fft / 2 + 1]`` of ``[N, samples]``; contiguous."""
        frames = torch.stft(
            self.padded(waveform),
            self.n_fft,
            self.hop_length,
            self.win_length,
            self.window,
            center=False,
            return_complex=True,
        ).transpose(1, 2)
        if self.power == 1:
            return frames.abs()
        # Faster than abs().square(), which takes a root first.
        parts = torch.view_as_real(frames).square_()
        return parts[..., 0] + parts[..., 1]

    def padded(self, waveform: Tensor) -> Tensor:
        """Return the waveform with the margins that centred frames need."""
        length = waveform.shape[-1]
        if length + 2 * self.margin < self.n_fft or (
            self.pad_mode == "reflect" and length <= self.margin
        ):
            raise Unsupported(f"{self.name}: {length} samples are too few for a frame")
        if not self.margin:
            return waveform
        margins = (self.margin, self.margin)
        return nn.functional.pad(waveform[:, None], margins, mode=self.pad_mode)[:, 0]


class Logarithm:
    """The declared logarithm with its floor; ``top_db`` counts from each example's own maximum."""

    def __init__(self, step: Spectral) -> None:
        name = step.step
        self.kind = stated(step.log, f"{name}.log")
        self.top_db: float | None = None
        top_db = None if isinstance(step, Spectrogram) else stated(step.top_db, f"{name}.top_db")
        if top_db is not None:
            if self.kind != "db":
                raise Unsupported(f"{step.location}: top_db is declared without log db")
            self.top_db = float(top_db)
        if self.kind == "none":
            return
        self.mode = stated(step.floor_mode, f"{name}.floor_mode")
        self.floor = 0.0 if self.mode == "skip" else float(stated(step.floor, f"{name}.floor"))
        self.factor = 20 / stated(step.power, f"{name}.power") if self.kind == "db" else 1.0

    def __call__(self, values: Tensor) -> Tensor:
        """Return the logarithm of ``[B, ...]``, which is overwritten."""
        if self.kind == "none":
            return values
        logs = self._floored_log(values)
        if self.kind == "db":
            logs = logs.mul_(self.factor)
        if self.top_db is None:
            return logs
        top = logs.amax(tuple(range(1, logs.dim())), keepdim=True)
        return torch.maximum(logs, top - self.top_db)

    def _floored_log(self, values: Tensor) -> Tensor:
        if self.mode == "skip":
            positive = values > 0
            logs = self._log(torch.where(positive, values, 1.0))
            return logs.masked_fill_(~positive, 0.0)
        if self.mode == "max":
            return self._log(values.clamp_(min=self.floor))
        return self._log(values.add_(self.floor))

    def _log(self, values: Tensor) -> Tensor:
        return values.log_() if self.kind == "ln" else values.log10_()


def waveforms(signal: Signal, name: str) -> Tensor:
    """Return the channels of a batch as ``[B * channels, samples]``."""
    if signal.values.dim() > 3:
        raise Unsupported(f"{name} needs a waveform")
    return signal.values.reshape(-1, signal.values.shape[-1])


def as_features(rows: Tensor, signal: Signal) -> Signal:
    """Return ``[B * channels, frames, bands]`` as features, ``[B, channels, bands, frames]``."""
    size = signal.values.shape[0]
    features = rows.reshape(size, -1, *rows.shape[1:]).transpose(2, 3)
    return Signal(features, signal.sample_rate_hz, None)
