"""No way to compute a network is used before it gave the declared outputs."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from repaudit.rerun.execution.execution import CANDIDATES, DECLARED, FOLDED, USUAL
from repaudit.rerun.execution.trial import Trial
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.network import DeclaredNetwork

CPU = torch.device("cpu")


def declared(module: nn.Module, dtype: Any = "float32") -> DeclaredNetwork:
    return DeclaredNetwork(module.eval(), dtype, "logits", None, None, "a network")


def small() -> nn.Module:
    torch.manual_seed(0)
    return build_network("log_mel_cnn", {"widths": [4, 8, 8, 8], "classes": 5})


class ReadsMemory(nn.Module):
    """Looks at the order in memory: channels last is another function."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 1)

    def forward(self, x: Tensor) -> Tensor:
        flat = self.conv(x).as_strided((len(x), 12), (12, 1))
        return flat * torch.arange(12.0)


class Rolls(nn.Linear):
    """Random in itself."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + torch.rand(())


class Counts(nn.Linear):
    """Counts its calls in a buffer, which a compiled program would share with everybody."""

    seen: Tensor

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__(inputs, classes)
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        self.seen += 1
        return super().forward(x)


def test_a_network_that_changes_itself_runs_as_declared() -> None:
    trial = Trial(declared(Counts(4, 2)), CPU, torch.randn(16, 4))

    assert not trial.is_repeatable


def test_every_candidate_computes_a_plain_network(small_x: Tensor) -> None:
    trial = Trial(declared(small()), CPU, small_x)

    assert trial.is_repeatable
    assert all(trial.holds(trial.prepared(way)) for way in CANDIDATES)
    assert trial.best() in CANDIDATES


def test_a_layout_that_changes_the_function_is_not_taken() -> None:
    torch.manual_seed(0)
    trial = Trial(declared(ReadsMemory()), CPU, torch.randn(16, 3, 2, 2))

    assert not trial.holds(trial.prepared(USUAL))
    assert trial.holds(trial.prepared(FOLDED))
    assert trial.best() in (FOLDED, DECLARED)


def test_a_network_that_is_random_in_itself_cannot_be_held_against_anything() -> None:
    trial = Trial(declared(Rolls(4, 2)), CPU, torch.randn(16, 4))

    assert not trial.is_repeatable
    assert not trial.holds(trial.declared)


def test_a_network_that_cannot_run_says_so() -> None:
    with pytest.raises(ModelError, match="output"):
        Trial(declared(nn.Linear(4, 2)), CPU, torch.randn(16, 5))


def test_the_operations_of_a_row_are_those_of_its_products() -> None:
    trial = Trial(declared(nn.Linear(100, 7)), CPU, torch.randn(16, 100))

    assert trial.operations == 2 * 100 * 7


@pytest.fixture
def small_x() -> Tensor:
    torch.manual_seed(1)
    return torch.randn(16, 1, 32, 40)
