"""How many rows a block has follows from the shapes inside of a network."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from repaudit.rerun.execution.rows import fitted
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.network import DeclaredNetwork
from repaudit.rerun.plan import MOST_ELEMENTS, Plan, make_plan
from repaudit.rerun.pool import OutOfRoom
from tests.rerun.engine_cases import SEED
from tests.rerun.speech_case import speech_study

CPU = make_plan(torch.device("cpu"))


def declared(module: nn.Module, batch: int | None = None) -> DeclaredNetwork:
    return DeclaredNetwork(module.eval(), "float32", "logits", None, batch, "a network")


def rows(network: DeclaredNetwork, *shape: int) -> int:
    return fitted(CPU, network, lambda plan: torch.zeros(plan.rows, *shape)).rows


class Wide(nn.Module):
    """Makes ``elements`` of every row, and has weights that are no part of a row."""

    def __init__(self, elements: int) -> None:
        super().__init__()
        self.elements = elements
        self.weight = nn.Parameter(torch.ones(3000, 3000))

    def forward(self, x: Tensor) -> Tensor:
        wide = x[:, :1].repeat(1, self.elements)
        return torch.stack([wide.sum(1), self.weight.t().relu().sum() + x[:, 1]], 1)


class Fails(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (10, 16),
        (MOST_ELEMENTS["cpu"] // 16, 16),
        (MOST_ELEMENTS["cpu"] // 16 + 1, 8),
        (MOST_ELEMENTS["cpu"] // 4, 4),
        (MOST_ELEMENTS["cpu"], 2),
    ],
)
def test_the_largest_tensor_of_a_block_is_small_enough_or_has_two_rows(
    elements: int, expected: int
) -> None:
    assert rows(declared(Wide(elements)), 2) == expected


@pytest.mark.parametrize(("frames", "expected"), [(101, 16), (501, 4), (2001, 2)])
def test_longer_clips_have_fewer_rows(frames: int, expected: int) -> None:
    assert rows(declared(build_network("log_mel_cnn", {})), 1, 64, frames) == expected


def test_what_cannot_be_run_keeps_its_rows() -> None:
    assert rows(declared(Fails()), 2) == CPU.rows
    assert fitted(CPU, declared(Wide(10**7)), lambda plan: None) == CPU


class OutOfMemory(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise MemoryError


def test_without_memory_for_two_rows_no_number_is_made_up() -> None:
    """Another process may have the memory, and come to another number."""
    with pytest.raises(OutOfRoom):
        rows(declared(OutOfMemory()), 2)


class Views(nn.Module):
    """Looks at its input through windows that hold it many times over."""

    def forward(self, x: Tensor) -> Tensor:
        return x.unfold(1, 4096, 1).amax(2)[:, :2]


def test_a_view_is_no_larger_than_what_it_views() -> None:
    assert rows(declared(Views()), 8192) == 16


def test_a_programs_own_batch_stays() -> None:
    plan = Plan(CPU.device, 64)
    assert fitted(plan, declared(Wide(10**6), batch=64), lambda plan: torch.zeros(2, 2)) == plan


def test_a_study_is_run_and_described_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, task = speech_study(tmp_path)
    usual = study.engine().run_task(task, SEED)
    monkeypatch.setitem(MOST_ELEMENTS, "cpu", 1)

    small = study.engine().run_task(task, SEED)

    assert str(usual.network).endswith("; 16 rows at a time")
    assert str(small.network).endswith("; 2 rows at a time")
    assert abs(usual.records.hits - small.records.hits).max() <= 1  # near ties
