"""``resample``: another sample rate, by torchaudio's windowed-sinc kernel."""

import math
from functools import lru_cache
from typing import Any

import torch
import torchaudio
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import LinearStep, Signal, Unsupported

METHODS = ("sinc_interp_hann", "sinc_interp_kaiser")
MAX_PHASES = 1_000_000
"""Largest size of one block of the polyphase operator whose norm is computed."""


class Resample(LinearStep):
    """``torchaudio.functional.resample``; what is not declared is torchaudio's default."""

    declares = steps.Resample

    def __init__(self, step: steps.Resample) -> None:
        super().__init__(step)
        self.rate_hz = stated(step.rate_hz, "resample.rate_hz")
        self._look_at(stated(step.library, "resample.library"))
        method = METHODS[0] if step.method is None else step.method
        if method not in METHODS:
            raise Unsupported(f"{self.name}: torchaudio has no method {method}")
        if step.beta is not None and method != METHODS[1]:
            raise Unsupported(f"{self.name}: beta is of the Kaiser kernel, not of {method}")
        self.options: dict[str, Any] = {"resampling_method": method}
        if step.lowpass_filter_width is not None:
            self.options["lowpass_filter_width"] = step.lowpass_filter_width
        for field in ("rolloff", "beta"):
            value = getattr(step, field)
            if value is not None:
                self.options[field] = float(value)

    def _look_at(self, library: str) -> None:
        name, _, version = library.partition("==")
        if name != "torchaudio":
            raise Unsupported(f"{self.name}: the resampler {name} cannot be run by this version")
        installed = torchaudio.__version__.partition("+")[0]
        if version and version.partition("+")[0] != installed:
            self.notes.append(f"{self.name}: declared torchaudio {version}, run by {installed}")

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the signal at the new rate."""
        rate = self._rate(signal)
        length = signal.values.shape[-1]
        values = torchaudio.functional.resample(signal.values, rate, self.rate_hz, **self.options)
        active = None
        if signal.active is not None:
            scaled = signal.active * (self.rate_hz / rate)
            bounds = torch.stack([scaled[:, 0].floor(), scaled[:, 1].ceil()], 1).long()
            last = bounds.new_tensor(length) == signal.active[:, 1]
            bounds[:, 1] = torch.where(last, values.shape[-1], bounds[:, 1])
            active = bounds.clamp(max=values.shape[-1])
        return Signal(values, self.rate_hz, active)

    def operator_norm(self, before: Signal) -> float:
        """Return an upper bound, at most 0.5 % above the norm of the operator on endless signals.

        Raises ``Unsupported`` for a ratio of rates with too many phases.
        """
        rate = self._rate(before)
        common = math.gcd(rate, self.rate_hz)
        old, new = rate // common, self.rate_hz // common
        if old == new:
            return 1.0
        if old * new > MAX_PHASES:
            raise Unsupported(f"{self.name}: the ratio {old} to {new} has too many phases")
        return _polyphase_norm(old, new, tuple(sorted(self.options.items())))

    def _rate(self, signal: Signal) -> int:
        if signal.sample_rate_hz is None or signal.values.dim() > 3:
            raise Unsupported(f"{self.name} needs a waveform of known sample rate")
        return signal.sample_rate_hz


@lru_cache
def _polyphase_norm(old: int, new: int, options: tuple[tuple[str, Any], ...]) -> float:
    """Return a bound on the norm of the resampling operator from ``old`` to ``new`` samples.

    Blocks of ``old`` samples go to blocks of ``new``: a convolution with matrices K_m, whose norm
    is the largest of ``||sum_m K_m exp(-i w m)||`` over w. Between N points of a grid the symbol,
    of degree d, rises by at most ``1 / cos(pi d / N)`` (Riesz' comparison with a cosine).
    Cropping and zero padding of a finite signal only lower the norm.
    """
    blocks = _impulse_blocks(old, new, dict(options))
    count = blocks.shape[0]
    grid = 16 * count
    symbol = torch.fft.rfft(blocks, n=grid, dim=0)
    small = symbol if old <= new else symbol.mH
    largest = torch.linalg.eigvalsh(small.mH @ small).max()
    return math.sqrt(float(largest)) / math.cos(math.pi * (count - 1) / 2 / grid)


def _impulse_blocks(old: int, new: int, options: dict[str, Any]) -> Tensor:
    """Return the nonzero matrices K_m, ``[blocks, new, old]``, from the impulse responses."""
    zeros = options.get("lowpass_filter_width", 6)
    width = math.ceil(zeros * old / (min(old, new) * options.get("rolloff", 0.99)))
    reach = math.ceil(width / old) + 1
    impulses = torch.zeros(old, (2 * reach + 1) * old, dtype=torch.float64)
    impulses[:, reach * old : (reach + 1) * old] = torch.eye(old, dtype=torch.float64)
    answers = torchaudio.functional.resample(impulses, old, new, **options)
    blocks = answers.reshape(old, 2 * reach + 1, new).permute(1, 2, 0)
    nonzero: Tensor = blocks[blocks.flatten(1).any(1)]
    return nonzero
