"""What others run: the loop of [CRK19]'s published code, and ART's certify.

Both get torchaudio's MelSpectrogram and the network as it was loaded, torch's own number of
threads, and one recording at a time. The loop is written here, after the shape of that code.

Reference: [CRK19] Cohen, Rosenfeld & Kolter 2019, section 3.2 and `core.py` of the code they
published (locuslab/smoothing): Smooth.certify, default batch 1000.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torchaudio
from numpy.typing import NDArray
from scipy.stats import beta
from torch import Tensor, nn

from benchmarks.engine.figures import LOOP_BATCHES
from benchmarks.engine.study import ALPHA, CLASSES, LOG_MEL, RATE_HZ, SIGMAS, Study
from repaudit.contract.files import Places
from repaudit.rerun.data import load_dataset
from repaudit.rerun.device import allow_tf32
from repaudit.rerun.models.load import load_model

Counts = NDArray[np.int64]
ABSTAIN = -1
ART_BATCHES = (16, 32, 128)
"""32 is its default"""


class FrontEnd(nn.Module):
    """Log-mel features of [batch, 1, samples], as [batch, 1, mels, frames]."""

    def __init__(self) -> None:
        super().__init__()
        self.mel = torchaudio.transforms.MelSpectrogram(
            RATE_HZ,
            LOG_MEL["n_fft"],
            LOG_MEL["win_length"],
            LOG_MEL["hop_length"],
            f_min=float(LOG_MEL["f_min_hz"]),
            f_max=float(LOG_MEL["f_max_hz"]),
            n_mels=LOG_MEL["n_mels"],
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the features."""
        features: Tensor = torch.log(self.mel(x) + float(LOG_MEL["floor"]))
        return features


@dataclass(frozen=True)
class Subjects:
    """A study as everybody else sees it."""

    model: nn.Module
    """from where the noise is added, on the device"""
    inputs: Tensor
    """float32[clips, ...] there"""
    sigma: float
    device: torch.device


def subjects_of(study: Study, contract: str, device: torch.device) -> Subjects:
    """Return the network and the clips of a contract."""
    places = Places(study.folder, {})
    dataset = load_dataset(study.data, places)
    clips = torch.cat([dataset.load(row).values for row in range(len(dataset.examples))])
    weights = places.verified(study.model.checkpoints[0].file)
    network = load_model(study.model, weights, allow_code=False).module.eval()
    front_end = FrontEnd()
    if contract == "waveform":
        model, inputs = nn.Sequential(front_end, network), clips
    else:
        model, inputs = network, front_end(clips)
    return Subjects(model.eval().to(device), inputs.to(device), SIGMAS[contract], device)


def as_usual() -> None:
    """Compute as torch does by itself, in float32: the engine asks for repeatable kernels."""
    torch.backends.cudnn.deterministic = False
    allow_tf32(False)


def sampled(subjects: Subjects, x: Tensor, draws: int, batch: int) -> Counts:
    """Return the votes of noisy copies of ``x``, int64[classes]."""
    counts = np.zeros(CLASSES, np.int64)
    with torch.no_grad():
        while draws > 0:
            size = min(batch, draws)
            draws -= size
            copies = x.repeat((size, *[1] * (x.dim() - 1)))
            noise = torch.randn_like(copies) * subjects.sigma
            votes = subjects.model(copies + noise).argmax(1)
            counts += np.bincount(votes.cpu().numpy(), minlength=CLASSES)
    return counts


def loop(subjects: Subjects, batch: int) -> Callable[[int], int]:
    """Return the loop as a case, on the first clip."""

    def run(forwards: int) -> int:
        as_usual()
        sampled(subjects, subjects.inputs[:1], forwards, batch)
        return forwards

    return run


def loop_verdicts(
    subjects: Subjects, examples: Sequence[int], n0: int, n: int
) -> tuple[list[int], list[Counts]]:
    """Return the certified class, or ``ABSTAIN``, and the n votes of every example."""
    batch = LOOP_BATCHES[0]
    classes, votes = [], []
    for x in subjects.inputs[list(examples)].split(1):
        selected = int(sampled(subjects, x, n0, batch).argmax())
        votes.append(sampled(subjects, x, n, batch))
        hits = int(votes[-1][selected])
        lower = float(beta.ppf(ALPHA, hits, n - hits + 1)) if hits else 0.0
        classes.append(selected if lower > 0.5 else ABSTAIN)
    return classes, votes


class Art:
    """ART's randomized smoothing, with its own certify."""

    def __init__(self, subjects: Subjects, n0: int) -> None:
        """Raise ``ImportError`` where the toolbox is not installed."""
        from art.estimators.certification.randomized_smoothing import PyTorchRandomizedSmoothing

        self.votes: list[Counts] = []
        self._inputs = subjects.inputs.cpu().numpy()
        self._smoothed = PyTorchRandomizedSmoothing(
            subjects.model,
            nn.CrossEntropyLoss(),
            input_shape=tuple(subjects.inputs.shape[1:]),
            nb_classes=CLASSES,
            device_type="gpu" if subjects.device.type == "cuda" else "cpu",
            sample_size=n0,
            scale=subjects.sigma,
            alpha=ALPHA,
        )
        self._listen()

    def _listen(self) -> None:
        """Keep the counts that certify does not return."""
        count: Callable[..., Any] = self._smoothed._prediction_counts

        def listened(*args: Any, **kwargs: Any) -> Any:
            counts = count(*args, **kwargs)
            self.votes.append(counts.astype(np.int64))
            return counts

        self._smoothed._prediction_counts = listened

    def case(self, batch: int, most: int) -> Callable[[int], int]:
        """Return certify as a case, on the first clips, at most ``most`` draws of each at once."""

        def run(forwards: int) -> int:
            as_usual()
            n0, made = self._smoothed.sample_size, 0
            while made < forwards:
                n = min(most, max(n0, forwards - made - n0))
                self._smoothed.certify(self._inputs[:1], n, batch)
                made += n0 + n
            return made

        return run

    def verdicts(self, examples: Sequence[int], n: int) -> tuple[list[int], list[Counts]]:
        """Return the certified class, or ``ABSTAIN``, and the n votes of every example."""
        self.votes.clear()
        classes, _ = self._smoothed.certify(self._inputs[list(examples)], n, ART_BATCHES[-1])
        return [int(found) for found in classes], self.votes[1::2]
