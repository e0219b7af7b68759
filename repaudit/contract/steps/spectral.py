"""Steps from a waveform to time-frequency features."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Maybe
from repaudit.contract.steps.base import BaseStep
from repaudit.contract.steps.waveform import PositiveInt
from repaudit.contract.types import Real


class _Framed(BaseStep):
    """The short-time Fourier transform under every spectral step."""

    n_fft: Maybe[PositiveInt]
    """length of the transform, samples"""
    win_length: Maybe[PositiveInt]
    """length of the window, samples; shorter windows are centred in n_fft"""
    hop_length: Maybe[PositiveInt]
    """hop between frames, samples"""
    window: Maybe[Literal["hann", "hamming", "blackman", "bartlett", "rectangular"]]
    """the window, periodic form"""
    center: Maybe[bool]
    """whether frames are centred on their sample (the signal is padded by n_fft / 2)"""
    pad_mode: Maybe[Literal["reflect", "zero", "edge"]]
    """what a centred transform is padded with"""
    power: Maybe[Literal[1, 2]]
    """1 = magnitude, 2 = power"""
    log: Maybe[Literal["none", "ln", "log10", "db"]]
    """logarithm; db = 10 log10 of a power, 20 log10 of a magnitude"""
    floor: Maybe[Real]
    """what keeps the logarithm finite, in the units before it"""
    floor_mode: Maybe[Literal["add", "max", "skip"]]
    """floor added, or a lower bound; skip: log of positive values, zeros stay 0"""


class Spectrogram(_Framed):
    """Linear-frequency spectrogram, (1, n_fft / 2 + 1, frames)."""

    step: Literal["spectrogram"]


class _Mel(_Framed):
    n_mels: Maybe[PositiveInt]
    """mel bands"""
    f_min_hz: Maybe[Real]
    """lower edge of the lowest band, Hz"""
    f_max_hz: Maybe[Real]
    """upper edge of the highest band, Hz"""
    mel_scale: Maybe[Literal["htk", "slaney"]]
    """the mel scale"""
    filter_norm: Maybe[Literal["none", "slaney"]]
    """slaney: triangles of unit area"""
    top_db: Maybe[Real | None]
    """dynamic range kept below the example's own maximum, dB; null = all (log db only)"""


class LogMel(_Mel):
    """Log-mel spectrogram, (1, n_mels, frames)."""

    step: Literal["log_mel"]


class Mfcc(_Mel):
    """Cepstral coefficients of the log-mel spectrogram, (1, n_mfcc, frames)."""

    step: Literal["mfcc"]
    n_mfcc: Maybe[PositiveInt]
    """coefficients kept"""
    dct_norm: Maybe[Literal["none", "ortho"]]
    """normalisation of the DCT-II"""


class Pcen(BaseStep):
    """Per-channel energy normalisation."""

    step: Literal["pcen"]
    s: Maybe[Real]
    """smoothing coefficient"""
    alpha: Maybe[Real]
    """gain exponent"""
    delta: Maybe[Real]
    """bias"""
    r: Maybe[Real]
    """compression exponent"""
    epsilon: Maybe[Real]
    """floor of the smoothed energy"""


class Standardize(BaseStep):
    """``(x - mean) / std``."""

    step: Literal["standardize"]
    mean: Maybe[Real | Annotated[list[Real], Field(min_length=1)]]
    """one number, or one per channel or frequency, in the coordinates before the step"""
    std: Maybe[Real | Annotated[list[Real], Field(min_length=1)]]
    """one number, or one per channel or frequency, in the coordinates before the step"""
    axis: Maybe[Literal["all", "channel", "frequency"]]
    """what a list runs along"""
    computed_from: Maybe[Literal["training_set", "input"]]
    """fixed numbers of the training set, or recomputed on every input (mean, std then unused)"""
