"""Small studies on disk whose networks coarsen a grid."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import TypeAdapter
from safetensors.torch import save_file
from torch import Tensor, nn

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.contract.data import Data
from repaudit.contract.files import Places
from repaudit.contract.model import Model
from repaudit.contract.steps import Step
from repaudit.contract.task import AliasingTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.plan import RerunSettings
from repaudit.rerun.task_run import TaskRun

SEED = bytes(32)
NETWORKS = '''
import torch
from torch import nn
from torch.nn import functional


class Strides(nn.Module):
    """Dense, blurred and plain strides beside each other, and a global mean."""

    def __init__(self):
        super().__init__()
        self.plain = nn.Conv1d(1, 1, 1, stride=2, bias=False)
        self.blur = nn.Conv1d(1, 1, 5, stride=2, padding=2, bias=False)
        self.low_pass = nn.Conv1d(1, 1, 65, stride=2, padding=32, bias=False)

    def forward(self, x):
        x = x[:, None]
        paths = self.plain(x), self.blur(x), self.low_pass(x)
        return torch.cat([path.mean(2) for path in paths], 1)


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 2, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm1d(2)

    def forward(self, x):
        return self.norm(self.conv(x[:, None])).mean(2)


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 2, 3, padding=1)

    def forward(self, x):
        return self.conv(x[:, None]).mean(2)


class Infinite(Flat):
    def forward(self, x):
        x = x[:, None]
        loud = torch.where(x[:, :, :1] > 0, torch.inf, 0.0)
        return functional.max_pool1d(self.conv(x) + loud, 2)[:, :, ::2].mean(2)


class Sometimes(Flat):
    """Pools twice, but only when the first example of a batch is a loud one."""

    def forward(self, x):
        x = functional.max_pool1d(self.conv(x[:, None]), 2)
        return (functional.avg_pool1d(x, 2) if x[0].abs().max() > 50 else x).mean(2)


def strides():
    return Strides()


def scaled():
    return Scaled()


def flat():
    return Flat()


def infinite():
    return Infinite()


def sometimes():
    return Sometimes()
'''


@dataclass(frozen=True)
class GridStudy:
    """Inputs and a network."""

    folder: Path
    data: Data
    model: Model
    pipeline: tuple[Step, ...] = ()

    def task(self, **changes: Any) -> AliasingTask:
        values: dict[str, Any] = {
            "evaluation": "aliasing",
            "data": self.data,
            "pipeline": self.pipeline,
            "model": self.model,
            "checkpoint": self.model.checkpoints[0],
            "nyquist": "zero",
            "window": "none",
        }
        return AliasingTask(**{**values, **changes})

    def engine(self, **settings: Any) -> Engine:
        options = {"device": "cpu", "allow_code": True, **settings}
        return Engine(Places(self.folder, {}), RerunSettings(**options))

    def run(self, **changes: Any) -> TaskRun:
        return self.engine().run_task(self.task(**changes), SEED)


def of(run: TaskRun) -> dict[str, DownsamplingLayer]:
    """Return the layers of a run by name."""
    return {layer.layer: layer for layer in run.layers}


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def grid_study(
    folder: Path,
    inputs: Tensor,
    network: str,
    state: dict[str, Tensor] | None = None,
    dtype: str = "float32",
    **options: Any,
) -> GridStudy:
    """Write inputs, code and weights; ``network`` is built in, or a name in ``NETWORKS``."""
    (folder / "grid_networks.py").write_text(NETWORKS)
    np.savez(folder / "inputs.npz", x=inputs.numpy(), y=np.zeros(len(inputs), np.int64))
    built_in = network in ("cifar_resnet", "log_mel_cnn", "res8", "waveform_cnn")
    declared: dict[str, Any] = {"entry_point": f"grid_networks:{network}"}
    if built_in:
        declared, state = {"builtin": network, "options": options}, trained(network, **options)
    assert state is not None
    save_file(state, folder / "weights.safetensors")
    return GridStudy(
        folder,
        Data.model_validate(
            {
                "kind": "features",
                "examples": len(inputs),
                "classes": "unstated",
                "subset": {"rule": "all"},
                "tensors": {"file": file(folder, "inputs.npz"), "inputs": "x", "labels": "y"},
            }
        ),
        Model.model_validate(
            {
                "format": "safetensors",
                "network": declared,
                "output": "logits",
                "dtype": dtype,
                "checkpoints": [{"id": "a", "file": file(folder, "weights.safetensors")}],
            }
        ),
    )


def trained(network: str, **options: Any) -> dict[str, Tensor]:
    """Return weights with statistics that no fresh network has."""
    torch.manual_seed(3)
    built = build_network(network, options)
    for module in built.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2.0)
    return {name: value.contiguous() for name, value in built.state_dict().items()}


def file(folder: Path, name: str) -> dict[str, str]:
    return {"path": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}


def steps(*declared: dict[str, Any]) -> tuple[Step, ...]:
    adapter: TypeAdapter[Step] = TypeAdapter(Step)
    return tuple(adapter.validate_python(step) for step in declared)
