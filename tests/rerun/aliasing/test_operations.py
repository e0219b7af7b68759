"""Every operation and its dense twin: decimated it is the operation, and loops give the same."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.aliasing.spectra import decimated
from repaudit.rerun.aliasing.trace import paths_of, watching
from tests.oracles import aliasing as oracle

ROWS = 2


def traced(network: nn.Module, x: Tensor) -> list[tuple[str, Operation | Refused, Tensor]]:
    """Return layer, operation and output of everything that coarsens a grid."""
    found = []

    def note(layer: str, name: str, operation: Operation | Refused, output: Tensor) -> None:
        found.append((layer, operation, output))

    with torch.inference_mode(), watching(paths_of(network), len(x), note):
        network(x)
    return found


def only(network: nn.Module, x: Tensor) -> tuple[Operation, Tensor, Tensor]:
    """Return the one operation of a network, its output and its dense twin's."""
    ((_, operation, output),) = traced(network.to(torch.float64).eval(), x)
    assert isinstance(operation, Operation)
    axes = len(operation.strides)
    strided = output.unsqueeze(1) if output.dim() == axes + 1 else output
    grid = [s * m for s, m in zip(operation.strides, strided.shape[2:], strict=True)]
    with torch.inference_mode():
        dense = operation.dense(slice(0, ROWS), slice(0, strided.shape[1]), grid)
    assert list(dense.shape[2:]) == grid
    return operation, strided, dense


def values(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(7)
    return torch.randn((ROWS, *shape), generator=generator, dtype=torch.float64)


CONVOLUTIONS = [
    (nn.Conv1d(3, 4, 5, stride=2, padding=2), (3, 33)),
    (nn.Conv1d(4, 6, 3, stride=3, padding=1, groups=2), (4, 32)),
    (nn.Conv1d(4, 4, 3, stride=2, dilation=3, groups=4), (4, 30)),
    (nn.Conv1d(1, 2, 1, stride=4), (1, 17)),
    (nn.Conv1d(2, 2, 4, stride=7, padding=3), (2, 40)),
    (nn.Conv2d(2, 3, 3, stride=2, padding=1), (2, 9, 8)),
    (nn.Conv2d(2, 4, (3, 2), stride=(1, 3), padding=(1, 0), groups=2), (2, 6, 11)),
    (nn.Conv2d(2, 2, 3, stride=(3, 2), padding=(2, 1), dilation=(2, 1)), (2, 13, 7)),
]


@pytest.mark.parametrize(("convolution", "shape"), CONVOLUTIONS)
def test_convolutions_agree_with_brute_force(
    convolution: nn.Conv1d | nn.Conv2d, shape: tuple[int, ...]
) -> None:
    x = values(*shape)
    operation, strided, dense = only(convolution, x)
    torch.testing.assert_close(decimated(dense, operation.strides), strided, rtol=0, atol=1e-12)
    expected = oracle.convolution(
        x[1].numpy(),
        convolution.weight.detach().numpy(),
        convolution.bias.detach().numpy(),
        convolution.padding,
        convolution.dilation,
        convolution.groups,
        dense.shape[2:],
    )
    np.testing.assert_allclose(dense[1].numpy(), expected, atol=1e-12)


def test_channels_of_a_grouped_convolution_can_be_computed_apart() -> None:
    operation, _, dense = only(nn.Conv1d(4, 8, 3, stride=2, padding=1, groups=2), values(4, 16))
    assert operation.channel_step == 4
    with torch.inference_mode():
        second = operation.dense(slice(1, 2), slice(4, 8), [16])
    torch.testing.assert_close(second, dense[1:, 4:], rtol=0, atol=1e-12)


def of_max(found: list[float], _: int) -> float:
    return max(found, default=0.0)


def of_mean(found: list[float], places: int) -> float:
    return sum(found) / places


def of_counted_mean(found: list[float], _: int) -> float:
    return sum(found) / len(found) if found else 0.0


def of_power(found: list[float], _: int) -> float:
    return math.sqrt(sum(v * v for v in found))


POOLINGS = [
    (nn.MaxPool1d(2), (3, 16), of_max),
    (nn.MaxPool1d(3, 2, padding=1, dilation=2), (3, 21), of_max),
    (nn.MaxPool1d(2, 4), (3, 15), of_max),
    (nn.MaxPool2d(3, (2, 1), padding=1), (2, 9, 6), of_max),
    (nn.MaxPool2d(2, ceil_mode=True), (2, 7, 5), of_max),
    (nn.AvgPool1d(4, 2, padding=1), (3, 17), of_mean),
    (nn.AvgPool2d((4, 3)), (2, 9, 7), of_mean),
    (nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), (2, 8, 7), of_counted_mean),
    (nn.AvgPool1d(3, 2, ceil_mode=True), (3, 16), of_counted_mean),
    (nn.LPPool1d(2, 3, stride=2), (3, 16), of_power),
    (nn.LPPool2d(2, (2, 3)), (2, 8, 9), of_power),
    (nn.AdaptiveAvgPool2d((2, 3)), (2, 8, 9), of_mean),
    (nn.AdaptiveMaxPool1d(5), (2, 20), of_max),
]


@pytest.mark.parametrize(("pooling", "shape", "reduce"), POOLINGS)
def test_poolings_agree_with_brute_force(
    pooling: Any, shape: tuple[int, ...], reduce: Callable[[list[float], int], float]
) -> None:
    x = values(*shape)
    operation, strided, dense = only(pooling, x)
    torch.testing.assert_close(decimated(dense, operation.strides), strided, rtol=0, atol=1e-12)
    axes = len(operation.strides)
    dilation = getattr(pooling, "dilation", 1)
    expected = oracle.pooling(
        x[1].numpy(),
        operation.kernel,
        operation.paddings,
        [dilation] * axes,
        dense.shape[2:],
        reduce,
    )
    np.testing.assert_allclose(dense[1].numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_every_padding_mode_is_part_of_the_twin(mode: str) -> None:
    convolution = nn.Conv2d(2, 3, 3, stride=2, padding=1, padding_mode=mode)
    operation, strided, dense = only(convolution, values(2, 9, 10))
    torch.testing.assert_close(decimated(dense, operation.strides), strided, rtol=0, atol=1e-12)


def test_a_divisor_of_ones_own_is_kept() -> None:
    pooling = nn.AvgPool2d(2, divisor_override=3)
    operation, strided, dense = only(pooling, values(2, 6, 6))
    torch.testing.assert_close(decimated(dense, operation.strides), strided, rtol=0, atol=1e-12)


def test_the_extension_is_what_the_dense_grid_lacks() -> None:
    """By hand: 9 samples, kernel 3, stride 2, padding 1: 5 outputs, 10 dense ones need 12."""
    operation, _, dense = only(nn.Conv1d(1, 1, 3, stride=2, padding=1), values(1, 9))
    assert list(dense.shape[2:]) == [10]
    assert operation.extension([10]) == (1,)


class Functional(nn.Module):
    """Functional calls inside one module."""

    def __init__(self, call: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.inner = Inner(call)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x)


class Inner(nn.Module):
    def __init__(self, call: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.call = call

    def forward(self, x: Tensor) -> Tensor:
        return self.call(x)


def refusals(call: Callable[[Tensor], Tensor], *shape: int) -> list[tuple[str, str]]:
    found = traced(Functional(call), values(*shape))
    return [(layer, str(operation)) for layer, operation, _ in found]


@pytest.mark.parametrize(
    ("call", "layer"),
    [
        (lambda x: functional.max_pool1d(x, 2), "inner:max_pool1d"),
        (lambda x: functional.conv1d(x, torch.ones(2, 4, 3).double(), stride=2), "inner:conv1d"),
        (lambda x: x[..., ::2], "inner:slice"),
        (lambda x: functional.lp_pool1d(x, 2, 2), "inner:lp_pool1d"),
    ],
)
def test_functional_calls_are_named_by_module_and_operation(
    call: Callable[[Tensor], Tensor], layer: str
) -> None:
    ((found, operation, _),) = traced(Functional(call), values(4, 20))
    assert found == layer
    assert isinstance(operation, Operation)


def test_a_slice_of_two_axes_is_one_operation_with_both_strides() -> None:
    ((layer, operation, output),) = traced(
        Functional(lambda x: functional.pad(x[..., ::2, 1::3], (0, 0, 0, 0, 1, 1))),
        values(2, 8, 10),
    )
    assert isinstance(operation, Operation)
    assert (layer, operation.strides, operation.is_shortcut) == ("inner:slice", (2, 3), True)
    dense = operation.dense(slice(0, ROWS), slice(0, 2), [8, 9])
    torch.testing.assert_close(dense, values(2, 8, 10)[..., 1:10], rtol=0, atol=0)
    torch.testing.assert_close(decimated(dense, (2, 3)), output, rtol=0, atol=0)


def test_a_slice_that_is_the_output_is_not_lost() -> None:
    ((_, operation, _),) = traced(Functional(lambda x: x[:, :, ::4]), values(2, 16))
    assert isinstance(operation, Operation)
    assert operation.strides == (4,)


def test_a_layer_that_runs_twice_has_two_names() -> None:
    pool = nn.MaxPool1d(2)
    found = traced(nn.Sequential(pool, pool), values(2, 16))
    assert [layer for layer, _, _ in found] == ["0", "0#2"]


@pytest.mark.parametrize(
    ("call", "shape", "reason"),
    [
        (lambda x: functional.adaptive_avg_pool1d(x, 3), (2, 16), "16 to 3 has no stride"),
        (lambda x: functional.interpolate(x, scale_factor=0.5), (2, 16), "interpolation"),
        (lambda x: functional.pixel_unshuffle(x, 2), (2, 8, 8), "into channels"),
        (lambda x: x[:, ::2], (4, 16), "may hold channels"),
        (lambda x: x[:, :, torch.arange(0, 16, 2)], (2, 16), "no twin of index"),
        (lambda x: functional.max_pool1d(x.reshape(4, 1, 16), 2), (2, 16), "not the examples"),
    ],
)
def test_what_cannot_be_measured_is_named_with_the_reason(
    call: Callable[[Tensor], Tensor], shape: tuple[int, ...], reason: str
) -> None:
    ((layer, found),) = refusals(call, *shape)
    assert layer.startswith("inner:")
    assert reason in found


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x[..., 2:9],
        lambda x: x.mean(dim=2, keepdim=True),
        lambda x: functional.conv1d(x, torch.ones(2, 4, 9).double()),
        lambda x: x.transpose(1, 2),
        lambda x: functional.linear(x, torch.ones(3, 20).double()),
        lambda x: functional.max_pool1d(x, 3, 1),
        lambda x: functional.conv_transpose1d(x, torch.ones(4, 2, 4).double(), stride=2),
        lambda x: x.chunk(4, 2)[0],
    ],
)
def test_what_leaves_the_grid_as_fine_as_it_was_is_not_listed(
    call: Callable[[Tensor], Tensor],
) -> None:
    assert traced(Functional(call), values(4, 20)) == []


@pytest.fixture
def exported(tmp_path: Path) -> nn.Module:
    """A residual network, exported, saved and read again."""
    from repaudit.rerun.models.exported_program import read_exported_program
    from repaudit.rerun.models.networks import build_network

    network = build_network("cifar_resnet", {"depth": 8}).eval()
    dynamic = ({0: torch.export.Dim("batch", min=1, max=64)},)
    program = torch.export.export(network, (torch.randn(2, 3, 32, 32),), dynamic_shapes=dynamic)
    path = tmp_path / "network.pt2"
    torch.export.save(program, path)
    return read_exported_program(path)[0]


def test_an_exported_graph_has_the_layers_of_its_module(exported: nn.Module) -> None:
    """Parameters keep their module's name; a slice has none."""
    found = traced(exported, torch.randn(ROWS, 3, 32, 32))
    assert [layer for layer, _, _ in found] == [
        "slice",
        "layer2.0.conv1",
        "slice#2",
        "layer3.0.conv1",
    ]
    assert all(isinstance(operation, Operation) for _, operation, _ in found)
