"""Declared models and networks for the tests of loading and preparing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from repaudit.contract.model import Model
from repaudit.rerun.models.networks import build_network

Declare = Callable[..., Model]


@pytest.fixture
def declare() -> Declare:
    """Return a maker of declared models: format, network and everything else as it must be."""

    def model(format_: str, **network: Any) -> Model:
        fields = {"format": format_, "output": "logits", "dtype": "float32"}
        document: dict[str, Any] = fields | {"checkpoints": [{"id": "only"}]}
        return Model.model_validate(document | ({"network": network} if network else {}))

    return model


@pytest.fixture
def small_cnn() -> nn.Module:
    """Return a log_mel_cnn with random weights and with BatchNorm statistics as after training."""
    torch.manual_seed(0)
    network = build_network("log_mel_cnn", {"widths": [4, 6, 8, 8], "classes": 5})
    network.train()
    for _ in range(3):
        network(2.0 * torch.randn(8, 1, 32, 40) + 1.0)
    return network.eval()


@pytest.fixture
def real_data() -> Path:
    """Return the folder of real data, which is no part of the project."""
    folder = os.environ.get("REPAUDIT_REAL_DATA")
    if folder is None:
        pytest.skip("REPAUDIT_REAL_DATA is not set: no real data here")
    return Path(folder)
