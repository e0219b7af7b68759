"""The memory of a block, measured on a row."""

import torch
from torch import nn

from repaudit.rerun.memory import WORKSPACE_FACTOR, peak_bytes


def test_only_what_lives_at_the_same_time_counts() -> None:
    def chain() -> torch.Tensor:
        x = torch.ones(1000)  # 4000 bytes
        for _ in range(5):
            x = x + 1  # the old and the new one
        return x

    assert peak_bytes(chain) == int(2 * 4000 * WORKSPACE_FACTOR)


def test_views_and_changes_in_place_take_nothing() -> None:
    def views() -> torch.Tensor:
        return torch.ones(1000).view(10, 100).t().relu_()

    assert peak_bytes(views) == int(4000 * WORKSPACE_FACTOR)


def test_it_grows_with_the_rows() -> None:
    network = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)).eval()

    one, ten = (peak_bytes(lambda n=n: network(torch.zeros(n, 1, 40, 100))) for n in (1, 10))  # type: ignore[misc]

    assert ten == 10 * one
