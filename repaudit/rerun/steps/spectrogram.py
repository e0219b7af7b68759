"""``spectrogram``: linear frequency; ``[B, samples]`` → ``[B, 1, n_fft / 2 + 1, frames]``."""

from repaudit.contract import steps
from repaudit.rerun.steps.base import Signal, StepModule
from repaudit.rerun.steps.framing import Framing, Logarithm, as_features, waveforms


class Spectrogram(StepModule):
    """Power or magnitude of the short-time Fourier transform, with its logarithm."""

    declares = steps.Spectrogram

    def __init__(self, step: steps.Spectrogram) -> None:
        super().__init__(step)
        self.framing = Framing(step)
        self.logarithm = Logarithm(step)

    def forward(self, signal: Signal, clean: Signal) -> Signal:
        """Return the spectrogram."""
        features = as_features(self.framing(waveforms(signal, self.name)), signal)
        return features.with_values(self.logarithm(features.values))
