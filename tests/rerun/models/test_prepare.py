"""The execution plan changes speed, never the function."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from repaudit._core.errors import MissingPart
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.models.prepare import PreparedNetwork, prepare

CPU = torch.device("cpu")
LOGIT_TOLERANCE = 1e-4
"""float32 rounding of a network some ten layers deep, with room to spare"""


def with_statistics(network: nn.Module, *shape: int) -> nn.Module:
    """Train the BatchNorms' statistics on noise that is neither centred nor of unit size."""
    torch.manual_seed(0)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d) and layer.affine:
            nn.init.uniform_(layer.weight, 0.5, 2.0)
            nn.init.uniform_(layer.bias, -1.0, 1.0)
    network.train()
    for _ in range(3):
        network(3.0 * torch.randn(shape) + 1.0)
    return network.eval()


@pytest.mark.parametrize(
    ("name", "options", "shape", "folded"),
    [
        ("log_mel_cnn", {"widths": [8, 16, 32, 32]}, (1, 64, 101), 4),
        ("cifar_resnet", {"depth": 20}, (3, 32, 32), 19),
        ("res8", {}, (1, 40, 101), 0),  # a ReLU lies between convolution and BatchNorm
    ],
)
def test_folding_leaves_logits_and_decisions_alone(
    name: str, options: dict[str, object], shape: tuple[int, ...], folded: int
) -> None:
    network = with_statistics(build_network(name, options), 8, *shape)
    x = torch.randn(64, *shape)
    with torch.no_grad():
        expected = network(x)
    prepared = prepare(network, CPU, "float32")
    assert prepared.folded == folded
    difference = (prepared(x) - expected).abs().amax(dim=1)
    assert difference.max() < LOGIT_TOLERANCE
    top = expected.topk(2).values
    decided = top[:, 0] - top[:, 1] > 2 * LOGIT_TOLERANCE
    assert torch.equal(prepared(x).argmax(1)[decided], expected.argmax(1)[decided])


def test_the_loaded_network_is_left_as_it_was(small_cnn: nn.Module) -> None:
    before = {name: value.clone() for name, value in small_cnn.state_dict().items()}
    prepare(small_cnn, CPU, "bfloat16")
    prepare(small_cnn, CPU, "float32")
    after = small_cnn.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_narrow_arithmetic_is_the_declared_one_and_not_folded(small_cnn: nn.Module) -> None:
    x = torch.randn(4, 1, 32, 40)
    with torch.no_grad():
        exact = prepare(small_cnn, CPU, "float64")(x)
        coarse = prepare(small_cnn, CPU, "bfloat16")
        assert coarse.folded == 0
        expected = small_cnn.bfloat16()(x.bfloat16()).float()
    assert torch.equal(coarse(x), expected)
    assert exact.dtype == torch.float64
    assert not torch.allclose(coarse(x).double(), exact, rtol=1e-4, atol=1e-4)


def test_autocast_keeps_the_weights_and_narrows_the_products(small_cnn: nn.Module) -> None:
    x = torch.randn(4, 1, 32, 40)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        expected = small_cnn(x).float()
    assert torch.equal(prepare(small_cnn, CPU, "bfloat16_autocast")(x), expected)


def test_tf32_needs_a_device_that_has_it(small_cnn: nn.Module) -> None:
    with pytest.raises(MissingPart, match="TF32"):
        prepare(small_cnn, CPU, "tf32")


def test_dropout_and_batch_statistics_are_off_even_when_the_network_was_left_in_training() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Dropout(), nn.Flatten())
    prepared = prepare(network.train(), CPU, "float32")
    x = torch.randn(6, 1, 4, 4)
    torch.testing.assert_close(prepared(x)[:1], prepared(x[:1]))
    assert prepared.folded == 1


class Untraceable(nn.Module):
    """Branches on its input, which a trace cannot follow."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.conv(x))
        positive: torch.Tensor = x if x.mean() > 0 else -x
        return positive


class ReadsTwice(Untraceable):
    """Uses the convolution's output beside the BatchNorm."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x)
        total: torch.Tensor = x + self.norm(x)
        return total


class BorrowsWeights(Untraceable):
    """Uses the convolution's weights in a second place."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total: torch.Tensor = self.norm(self.conv(x)) + functional.conv2d(x, self.conv.weight)
        return total


class CallsTwice(Untraceable):
    """Runs one pair of layers on two inputs, once through another name."""

    def __init__(self) -> None:
        super().__init__()
        self.again = self.conv

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total: torch.Tensor = self.norm(self.conv(x)) + self.again(x)
        return total


@pytest.mark.parametrize("kind", [Untraceable, ReadsTwice, BorrowsWeights, CallsTwice])
def test_what_cannot_be_proved_equal_is_not_folded(kind: type[nn.Module]) -> None:
    network = with_statistics(kind(), 4, 1, 5, 5)
    x = torch.randn(4, 1, 5, 5)
    prepared = prepare(network, CPU, "float32")
    assert prepared.folded == 0
    with torch.no_grad():
        torch.testing.assert_close(prepared(x), network(x))


def test_a_hook_keeps_its_layer() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)).eval()
    network[0].register_forward_hook(lambda _module, _inputs, output: output * 2)
    assert prepare(network, CPU, "float32").folded == 0


def test_the_plan_says_what_was_done(small_cnn: nn.Module) -> None:
    prepared: PreparedNetwork = prepare(small_cnn, CPU, "float32")
    assert prepared.plan == "float32 on cpu, 4 BatchNorms folded, channels last"
