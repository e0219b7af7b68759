"""The network and the clips of every benchmark, made by a seed and written as a study on disk."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import TypeAdapter
from safetensors.torch import save_file
from torch import Tensor, nn

from repaudit.contract.contract import Contract
from repaudit.contract.data import Data
from repaudit.contract.files import Places
from repaudit.contract.model import Model
from repaudit.contract.steps import Step
from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.rerun.plan import RerunSettings

RATE_HZ = 16_000
CLASSES = 12
CLIPS = 32
ALPHA = 0.001
NETWORK = "log_mel_cnn"
SEED = hashlib.sha256(b"a benchmark").digest()
"""of the engine's keyed noise"""
LOG_MEL: dict[str, Any] = {
    "step": "log_mel",
    "n_fft": 1024,
    "win_length": 400,
    "hop_length": 160,
    "window": "hann",
    "center": True,
    "pad_mode": "reflect",
    "power": 2,
    "log": "ln",
    "floor": "1e-6",
    "floor_mode": "add",
    "n_mels": 64,
    "f_min_hz": "20",
    "f_max_hz": "7600",
    "mel_scale": "htk",
    "filter_norm": "none",
    "top_db": None,
}
OBJECTS = {"waveform": ("waveform", "input"), "log-mel": ("feature", "log_mel")}
"""by contract: the certified object and the location of the noise"""
SIGMAS = {"waveform": 0.1, "log-mel": 2.0}
"""at which some clips abstain and others do not"""


@dataclass(frozen=True)
class Study:
    """A network and clips of one length, on disk."""

    folder: Path
    seconds: int
    """length of every clip"""
    data: Data
    model: Model

    def task(
        self, contract: str, n0: int, n: int, examples: int = CLIPS, evaluation: str = "main"
    ) -> CertificationTask:
        """Return the certification of the first clips with noise on the waveform or the log-mel."""
        return CertificationTask(
            evaluation=evaluation,
            data=self.data,
            pipeline=(_step(),),
            contract=_contract(contract),
            model=self.model,
            checkpoint=self.model.checkpoints[0],
            sigma=SIGMAS[contract],
            n0=n0,
            n=n,
            alpha=ALPHA,
            repeat=0,
            only=frozenset(str(row) for row in range(examples)),
        )

    def engine(self, **settings: Any) -> Engine:
        """Return an engine that runs its tasks."""
        return Engine(Places(self.folder, {}), RerunSettings(**settings))


def make_study(folder: Path, seconds: int) -> Study:
    """Write tones in noise, and a network of default widths that tells them apart by chance."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = _clips(seconds)
    np.savez(folder / "clips.npz", x=clips[:, None].numpy(), y=np.arange(CLIPS) % CLASSES)
    save_file(_weights(clips), folder / "cnn.safetensors")
    return study_at(folder, seconds)


def study_at(folder: Path, seconds: int) -> Study:
    """Return a study that `make_study` wrote."""
    data = {
        "kind": "audio",
        "examples": CLIPS,
        "classes": CLASSES,
        "subset": {"rule": "all"},
        "sample_rate_hz": RATE_HZ,
        "tensors": {"file": _file(folder, "clips.npz"), "inputs": "x", "labels": "y"},
    }
    model = {
        "format": "safetensors",
        "network": {"builtin": NETWORK, "options": {"classes": CLASSES}},
        "output": "logits",
        "dtype": "float32",
        "checkpoints": [{"id": "a", "file": _file(folder, "cnn.safetensors")}],
    }
    return Study(folder, seconds, Data.model_validate(data), Model.model_validate(model))


def _clips(seconds: int) -> Tensor:
    """Return tones of every class in noise, float32[clips, samples]."""
    generator = torch.Generator().manual_seed(0)
    time = torch.arange(seconds * RATE_HZ) / RATE_HZ
    pitch = 150 * 2 ** (torch.arange(CLIPS) * 5.0 / CLIPS)
    tones = torch.sin(2 * torch.pi * pitch[:, None] * time)
    return 0.3 * tones + 0.05 * torch.randn(CLIPS, len(time), generator=generator)


def _weights(clips: Tensor) -> Mapping[str, Tensor]:
    """Return untrained weights: BatchNorms see the clips, and no class is favoured."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network = build_network(NETWORK, {"classes": CLASSES})
        noisy = clips + SIGMAS["waveform"] * torch.randn_like(clips)
        features = build_chain([_step()])(Signal(noisy[:, None], RATE_HZ)).values
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.momentum = 1.0
        network(features)
        weights = {name: value.clone() for name, value in network.state_dict().items()}
        weights["output.bias"] -= network.eval()(features).mean(0)
    return weights


def _step() -> Step:
    adapter: TypeAdapter[Step] = TypeAdapter(Step)
    return adapter.validate_python(LOG_MEL)


def _contract(name: str) -> Contract:
    certified, location = OBJECTS[name]
    return Contract.model_validate(
        {
            "pipeline": "raw",
            "object": certified,
            "perturbation": {
                "law": "gaussian",
                "norm": "l2",
                "location": location,
                "dtype": "float32",
            },
            "transform": [],
            "scale": ["certified_radius"],
        }
    )


def _file(folder: Path, name: str) -> dict[str, str]:
    return {"path": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
