"""Studies whose networks have a known fault, and what the rules make of probes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from repaudit.audit.finding import Finding
from repaudit.audit.probe import Probe
from repaudit.check.probes import probe_findings
from repaudit.contract.load import load_results
from repaudit.contract.model import Model
from repaudit.contract.results import Results
from repaudit.contract.task import CertificationTask
from repaudit.rerun.models.entry_point import build_from_entry_point
from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.rerun.probes import run_probes
from tests.rerun.engine_cases import SEED, PointStudy, contract, file, steps
from tests.rerun.speech_case import CROP, LOG_MEL, RMS, speech_study

TEMPLATE = Path(__file__).parents[3] / "templates" / "results.json"

CODE = '''
import torch
import torchaudio
from torch import nn
from torch.nn import functional

class Sound(nn.Module):
    """Log-mel to four classes; its dropout is off in evaluation mode."""

    def __init__(self, norm=nn.BatchNorm2d):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, stride=2)
        self.norm = norm(8)
        self.drop = nn.Dropout(0.3)
        self.output = nn.Linear(8, 4)

    def forward(self, x):
        x = functional.relu(self.norm(self.conv(x)))
        return self.output(self.drop(x.mean((2, 3))))


class TrainsItself(Sound):
    """BatchNorm left in training mode: forward switches it on."""

    def forward(self, x):
        self.norm.train()
        return super().forward(x)


class HiddenTraining(Sound):
    """The same with the switch put back, so that no flag shows it."""

    def forward(self, x):
        self.norm.train()
        try:
            return super().forward(x)
        finally:
            self.norm.eval()


def no_statistics():
    """BatchNorm without running statistics."""
    return Sound(lambda maps: nn.BatchNorm2d(maps, track_running_stats=False))


def instance_norm():
    """InstanceNorm, which looks like it and is a function of each example."""
    return Sound(lambda maps: nn.InstanceNorm2d(maps, affine=True))


class NormalisesBatch(Sound):
    """Input divided by the deviation of the whole batch."""

    def forward(self, x):
        return super().forward((x - x.mean()) / x.std())


class DropsOut(Sound):
    """Dropout as a function that is always on."""

    def forward(self, x):
        return super().forward(functional.dropout(x, 0.1, training=True))


class StaysOn(nn.Dropout):
    """A dropout that nobody can switch off."""

    def train(self, mode=True):
        return super().train(True)


class DropoutOn(Sound):
    def __init__(self):
        super().__init__()
        self.drop = StaysOn(0.3)


class SeededDropout(Sound):
    """Dropout that looks deterministic: the seed is set anew at every call."""

    def forward(self, x):
        torch.manual_seed(0)
        return super().forward(functional.dropout(x, 0.3, training=True))


class Counts(Sound):
    """Counts its calls in a buffer."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return super().forward(x)


class Saves(Sound):
    """Fills a buffer at its first call, as a cache does."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.zeros(()))

    def forward(self, x):
        self.scale.fill_(2.0)
        return super().forward(x * self.scale)


class FlaggedModule(nn.Module):
    """Says that it trains and computes the same."""

    def train(self, mode=True):
        return super().train(True)

    def forward(self, x):
        return x


class Flagged(Sound):
    def __init__(self):
        super().__init__()
        self.drop = FlaggedModule()


class PairsOnly(Sound):
    """Refuses a batch of one."""

    def forward(self, x):
        if len(x) == 1:
            raise ValueError("expected more than one value per channel")
        return super().forward(x)


class SometimesVoid(Sound):
    """nan where one mel band is loud."""

    def __init__(self, level):
        super().__init__()
        self.level = level

    def forward(self, x):
        logits = super().forward(x)
        return torch.where(x[:, 0, 3, 3, None] > self.level, torch.nan, logits)


class Tied(Sound):
    def forward(self, x):
        return super().forward(x).round()


class OnWaveform(Sound):
    """A front end of its own: torchaudio's log-mel."""

    top_db = None

    def __init__(self):
        super().__init__()
        self.mel = torchaudio.transforms.MelSpectrogram(8000, 256, n_mels=32)
        self.db = torchaudio.transforms.AmplitudeToDB("power", self.top_db)

    def forward(self, x):
        return super().forward(self.db(self.mel(x))[:, None] / 40)


class TopDb(OnWaveform):
    """AmplitudeToDB sees (batch, mel, time) and takes the maximum over all of it."""

    top_db = 80.0


class Levelled(OnWaveform):
    """An RMS normaliser inside the network."""

    def forward(self, x):
        return super().forward(x / x.square().mean(-1, keepdim=True).sqrt())


class Constant(OnWaveform):
    """Notices nothing at all."""

    def forward(self, x):
        return 0 * super().forward(x) + torch.arange(4.0)


class Classes(Sound):
    """Returns the class."""

    def forward(self, x):
        logits = super().forward(x)
        return logits.argmax(1) if torch.is_inference_mode_enabled() else logits


class BatchClasses(NormalisesBatch):
    def forward(self, x):
        logits = super().forward(x)
        return logits.argmax(1) if torch.is_inference_mode_enabled() else logits


class Breaks(Sound):
    def forward(self, x):
        if torch.is_inference_mode_enabled():
            raise RuntimeError("sizes do not fit")
        return super().forward(x)


class Fills(Sound):
    def forward(self, x):
        if torch.is_inference_mode_enabled():
            raise torch.OutOfMemoryError("tried to allocate everything")
        return super().forward(x)


class Coarse(Sound):
    """Loses digits on the way, which float32 has enough of."""

    def forward(self, x):
        return (super().forward(x) + 16) - 16


class Narrow(nn.Module):
    """Linear on the waveform, for networks in narrow types."""

    def __init__(self):
        super().__init__()
        self.output = nn.Linear(4000, 4)

    def forward(self, x):
        return self.output(x)
'''


def planted(
    folder: Path,
    network: str,
    *,
    sigma: float = 0.05,
    waveform: bool = False,
    options: dict[str, Any] | None = None,
    **model: Any,
) -> tuple[PointStudy, CertificationTask]:
    """Ten tones in noise and an untrained network of ``CODE`` whose votes differ."""
    study, task = speech_study(folder)
    (folder / "planted_networks.py").write_text(CODE)
    torch.manual_seed(0)
    entry_point = f"planted_networks:{network}"
    module = build_from_entry_point(entry_point, options or {}, folder, allow_code=True)
    pipeline = steps(CROP, RMS) if waveform else steps(CROP, RMS, LOG_MEL)
    with np.load(folder / "clips.npz") as stored:
        clips = torch.from_numpy(stored["x"])
    state = {name: value.clone() for name, value in module.state_dict().items()}
    with torch.no_grad():
        logits = module.eval()(build_chain(pipeline)(Signal(clips, 8000)).values)
        state["output.bias"] -= logits.nan_to_num().mean(0)
    save_file(state, folder / "planted.safetensors")
    declared = Model.model_validate(
        {
            "format": "safetensors",
            "network": {"entry_point": f"planted_networks:{network}", "options": options or {}},
            "output": "logits",
            "dtype": "float32",
            "checkpoints": [{"id": "a", "file": file(folder, "planted.safetensors")}],
            **model,
        }
    )
    study = PointStudy(folder, study.data, declared)
    noisy = contract(location="normalize")
    task = study.certification(sigma, 20, 300, pipeline=pipeline, contract=noisy)
    return study, task


def probed(study: PointStudy, task: CertificationTask) -> dict[str, Probe]:
    """The answers of a study, by question."""
    return {probe.name: probe for probe in run_probes(study.engine(), task, SEED)}


def judged(probes: Sequence[Probe], *, waveform: bool = False) -> list[Finding]:
    """What the rules say of answers, given as those of the starting file's certification.

    ``waveform``: of its pipeline without the log-mel front end.
    """
    _, document = load_results(TEMPLATE)
    if waveform:
        del document.value["pipelines"]["keyword-spotter"][3:]
    results = Results.model_validate(document.value)
    mine = [probe.model_copy(update={"evaluation": "spoken-words"}) for probe in probes]
    return probe_findings(results, document, None, mine)


def codes(probes: Sequence[Probe], *, waveform: bool = False) -> dict[str, str]:
    """Code -> severity of what the rules say."""
    return {finding.code: str(finding.severity) for finding in judged(probes, waveform=waveform)}


def found_in(
    folder: Path, network: str, *, waveform: bool = False, **options: Any
) -> dict[str, str]:
    """Code -> severity for a planted network."""
    study, task = planted(folder, network, waveform=waveform, **options)
    return codes(list(probed(study, task).values()), waveform=waveform)
