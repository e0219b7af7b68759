"""Small studies on disk whose every number is known: linear networks on points."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import TypeAdapter
from safetensors.torch import save_file
from torch import Tensor

from repaudit.contract.contract import Contract
from repaudit.contract.data import Data
from repaudit.contract.files import Places
from repaudit.contract.model import Model
from repaudit.contract.steps import Step
from repaudit.contract.task import CertificationTask, CleanTask, GeometryTask
from repaudit.rerun.engine import Engine
from repaudit.rerun.plan import RerunSettings

SEED = hashlib.sha256(b"an audit").digest()

NETWORKS = '''
import torch
from torch import nn


def linear(inputs, classes):
    return nn.Linear(inputs, classes)


class VoidAbove(nn.Linear):
    """nan for every point whose first coordinate is above 0."""

    def forward(self, x):
        logits = super().forward(x)
        return torch.where(x[:, :1] > 0, torch.nan, logits)


def void_above(inputs, classes):
    return VoidAbove(inputs, classes)


class Broken(nn.Linear):
    def forward(self, x):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")


def broken(inputs, classes):
    return Broken(inputs, classes)


class BreaksAbove(nn.Linear):
    """Works until a point comes whose first coordinate is above 50."""

    def forward(self, x):
        if (x[:, 0] > 50).any():
            raise ZeroDivisionError("division by zero")
        return super().forward(x)


def breaks_above(inputs, classes):
    return BreaksAbove(inputs, classes)
'''


@dataclass(frozen=True)
class PointStudy:
    """Points, and a linear network with weights ``[classes, d]`` and a bias."""

    folder: Path
    data: Data
    model: Model

    @property
    def places(self) -> Places:
        return Places(self.folder, {})

    def engine(self, **settings: Any) -> Engine:
        options = {"device": "cpu", "allow_code": True, **settings}
        return Engine(self.places, RerunSettings(**options))

    def certification(self, sigma: float, n0: int, n: int, **changes: Any) -> CertificationTask:
        values: dict[str, Any] = {
            "evaluation": "main",
            "data": self.data,
            "pipeline": (),
            "contract": contract(),
            "model": self.model,
            "checkpoint": self.model.checkpoints[0],
            "sigma": sigma,
            "n0": n0,
            "n": n,
            "alpha": 0.001,
            "repeat": 0,
        }
        return CertificationTask(**{**values, **changes})

    def geometry(self, sigma: float, draws: int, **changes: Any) -> GeometryTask:
        values: dict[str, Any] = {
            "evaluation": "shape",
            "data": self.data,
            "pipeline": (),
            "contract": contract(),
            "sigma": sigma,
            "draws": draws,
            "repeat": 0,
        }
        return GeometryTask(**{**values, **changes})

    def clean(self) -> CleanTask:
        return CleanTask("plain", self.data, (), self.model, self.model.checkpoints[0])


def contract(transform: Sequence[dict[str, Any]] = (), **perturbation: Any) -> Contract:
    return Contract.model_validate(
        {
            "pipeline": "raw",
            "object": "feature",
            "perturbation": {
                "law": "gaussian",
                "norm": "l2",
                "location": "input",
                "dtype": "float32",
                **perturbation,
            },
            "transform": list(transform),
            "scale": ["certified_radius"],
        }
    )


def steps(*declared: dict[str, Any]) -> tuple[Step, ...]:
    adapter: TypeAdapter[Step] = TypeAdapter(Step)
    return tuple(adapter.validate_python(step) for step in declared)


def point_study(
    folder: Path,
    points: Tensor,
    labels: Sequence[int],
    weight: Tensor,
    bias: Tensor,
    network: str = "linear",
    **model: Any,
) -> PointStudy:
    """Write the points, the network's code and its weights into a folder."""
    (folder / "point_networks.py").write_text(NETWORKS)
    np.savez(folder / "points.npz", x=points.numpy(), y=np.array(labels))
    save_file({"weight": weight.float(), "bias": bias.float()}, folder / "weights.safetensors")
    classes, inputs = weight.shape
    return PointStudy(
        folder,
        Data.model_validate(
            {
                "kind": "features",
                "examples": len(labels),
                "classes": classes,
                "subset": {"rule": "all"},
                "tensors": {"file": file(folder, "points.npz"), "inputs": "x", "labels": "y"},
            }
        ),
        Model.model_validate(
            {
                "format": "safetensors",
                "network": {
                    "entry_point": f"point_networks:{network}",
                    "options": {"inputs": inputs, "classes": classes},
                },
                "output": "logits",
                "dtype": "float32",
                "checkpoints": [{"id": "a", "file": file(folder, "weights.safetensors")}],
                **model,
            }
        ),
    )


def file(folder: Path, name: str) -> dict[str, str]:
    return {"path": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}


def two_classes(
    folder: Path, margins: Sequence[float], labels: Sequence[int] | None = None, **kwargs: Any
) -> PointStudy:
    """Points in 8 dimensions at signed distances from the plane between two classes.

    Class 1 lies where the distance is positive; the exact certified radius is its magnitude.
    """
    normal = torch.arange(1.0, 9.0)
    normal /= normal.norm()
    along = torch.tensor(list(margins))[:, None] * normal
    beside = torch.randn(8, generator=torch.Generator().manual_seed(0))
    beside -= (beside @ normal) * normal
    labels = [int(margin > 0) for margin in margins] if labels is None else labels
    weight = torch.stack([-normal, normal])
    # A shift of the points along the plane's normal, taken back by the bias.
    points, bias = along + beside + 3.0 * normal, torch.tensor([3.0, -3.0])
    return point_study(folder, points, labels, weight, bias, **kwargs)
