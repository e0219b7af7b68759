"""``mfcc``: cepstral coefficients; ``[B, samples]`` → ``[B, 1, n_mfcc, frames]``."""

import torchaudio
from torch import Tensor

from repaudit.contract import steps
from repaudit.contract.base import stated
from repaudit.rerun.steps.base import Signal, Unsupported
from repaudit.rerun.steps.log_mel import LogMel


class Mfcc(LogMel):
    """DCT-II of the log-mel spectrogram along its bands; ``dct_norm: none`` has the factor 2."""

    declares = steps.Mfcc
    dct: Tensor

    def __init__(self, step: steps.Mfcc) -> None:
        super().__init__(step)
        count = stated(step.n_mfcc, "mfcc.n_mfcc")
        norm = stated(step.dct_norm, "mfcc.dct_norm")
        if count > self.n_mels:
            raise Unsupported(f"{self.name}: {count} coefficients of {self.n_mels} bands")
        dct = torchaudio.functional.create_dct(count, self.n_mels, None if norm == "none" else norm)
        self.register_buffer("dct", dct.contiguous(), persistent=False)

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the coefficients."""
        bands = self.bands(signal).transpose(2, 3)
        return Signal((bands @ self.dct).transpose(2, 3), signal.sample_rate_hz, None)
