"""A study of short clips with padding: crop, RMS gain, noise on the waveform, log-mel, CNN."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from repaudit.contract.data import Data
from repaudit.contract.model import Model
from repaudit.contract.task import CertificationTask
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.pipeline import Signal, build_chain
from tests.rerun.engine_cases import PointStudy, contract, file, steps

CROP = {"step": "crop_pad", "length_samples": 4000, "anchor": "start", "pad": "zero"}
RMS = {
    "step": "normalize",
    "measure": "rms",
    "target": "0.1",
    "measured_on": "clean",
    "includes_padding": False,
    "zero_energy": "leave",
}
LOG_MEL: dict[str, Any] = {
    "step": "log_mel",
    "n_fft": 256,
    "win_length": 200,
    "hop_length": 80,
    "window": "hann",
    "center": True,
    "pad_mode": "reflect",
    "power": 2,
    "log": "ln",
    "floor": "1e-6",
    "floor_mode": "add",
    "n_mels": 32,
    "f_min_hz": "20",
    "f_max_hz": "3800",
    "mel_scale": "htk",
    "filter_norm": "none",
    "top_db": None,
}
CLIPS = 10


def _weights(options: dict[str, Any], clips: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return untrained weights whose logits are centred on the clips, so that votes differ."""
    torch.manual_seed(0)
    network = build_network("log_mel_cnn", options).eval()
    features = build_chain(steps(CROP, RMS, LOG_MEL))(Signal(clips[:, None], 8000)).values
    with torch.no_grad():
        weights = {name: value.clone() for name, value in network.state_dict().items()}
        weights["output.bias"] -= network(features).mean(0)
    return weights


def speech_study(folder: Path, samples: int = 3500) -> tuple[PointStudy, CertificationTask]:
    """Ten tones in noise at 8 kHz, and an untrained network."""
    generator = torch.Generator().manual_seed(0)
    tones = torch.sin(torch.arange(samples) * torch.linspace(0.2, 2.5, CLIPS)[:, None])
    clips = 0.3 * tones + 0.05 * torch.randn(CLIPS, samples, generator=generator)
    np.savez(folder / "clips.npz", x=clips[:, None].numpy(), y=np.arange(CLIPS) % 4)
    options = {"widths": [4, 8, 8, 8], "classes": 4}
    save_file(_weights(options, clips), folder / "cnn.safetensors")
    data = Data.model_validate(
        {
            "kind": "audio",
            "examples": CLIPS,
            "classes": 4,
            "subset": {"rule": "all"},
            "sample_rate_hz": 8000,
            "tensors": {"file": file(folder, "clips.npz"), "inputs": "x", "labels": "y"},
        }
    )
    model = Model.model_validate(
        {
            "format": "safetensors",
            "network": {"builtin": "log_mel_cnn", "options": options},
            "output": "logits",
            "dtype": "float32",
            "checkpoints": [{"id": "a", "file": file(folder, "cnn.safetensors")}],
        }
    )
    study = PointStudy(folder, data, model)
    waveform = contract(location="normalize")
    task = study.certification(0.05, 20, 300, pipeline=steps(CROP, RMS, LOG_MEL), contract=waveform)
    return study, task
