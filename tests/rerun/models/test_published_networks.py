"""Networks that others published load into our architectures and do what they are known to do."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from repaudit.contract.model import Model
from repaudit.rerun.models.load import load_model
from repaudit.rerun.models.prepare import prepare

Declare = Callable[..., Model]


@pytest.mark.parametrize(
    ("file", "options"), [("res8.pt", {}), ("res8_narrow.pt", {"maps": 19, "scaled": False})]
)
def test_honk_keyword_spotters_load(
    real_data: Path, declare: Declare, file: str, options: dict[str, object]
) -> None:
    model = declare("state_dict", builtin="res8", options=options)
    loaded = load_model(model, real_data / "models/honk" / file, allow_code=False)
    assert loaded.module(torch.zeros(2, 1, 40, 101)).shape == (2, 12)


@pytest.mark.parametrize(
    ("file", "depth", "published", "count"),
    [("resnet20-12fca82f.th", 20, 0.9173, 500), ("resnet56-4bfd9763.th", 56, 0.9339, 200)],
)
def test_cifar_resnets_have_their_published_accuracy(
    real_data: Path, declare: Declare, file: str, depth: int, published: float, count: int
) -> None:
    model = declare("state_dict", builtin="cifar_resnet", options={"depth": depth})
    loaded = load_model(model, real_data / "cifar10/weights" / file, allow_code=False)
    network = prepare(loaded.module, torch.device("cpu"), "float32")
    with np.load(real_data / "cifar10/test-first-2000.npz", allow_pickle=False) as archive:
        images = torch.from_numpy(archive["images"][:count]).permute(0, 3, 1, 2) / 255
        labels = torch.from_numpy(archive["labels"][:count].astype(np.int64))
    # Mean and deviation of the published recipe.
    mean, deviation = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
    inputs = (images - mean[:, None, None]) / deviation[:, None, None]
    right = torch.cat([network(batch).argmax(1) for batch in inputs.split(100)]) == labels
    # Two standard errors of so many draws from the published accuracy.
    margin = 2 * (published * (1 - published) / count) ** 0.5
    assert abs(right.double().mean().item() - published) < margin
