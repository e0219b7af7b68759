"""The same function, another AM: a network's own weights rescaled, measured before and after."""

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from repaudit.contract.files import Places
from repaudit.contract.task import AliasingTask, Unsupported
from repaudit.rerun.aliasing.follow import rescalings
from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.aliasing.sums import Settings, measure
from repaudit.rerun.aliasing.trace import paths_of, watching
from repaudit.rerun.device import resolve_device, steady_arithmetic
from repaudit.rerun.models.prepare import PreparedNetwork
from repaudit.rerun.plan import RerunSettings, make_plan
from repaudit.rerun.shelf import Shelf
from repaudit.rerun.stages import whole_pipeline

FACTOR = 4.0
"""a power of two, which moves no digit"""


@dataclass(frozen=True)
class Both:
    """One measured layer before and after."""

    layer: str
    am: tuple[float, float]
    am_relative: tuple[float, float]


@dataclass(frozen=True)
class Demonstration:
    """What a rescaling did."""

    grown: list[str]
    """parameters times ``factor``"""
    undone: list[str]
    """parameters and statistics that undo it"""
    factor: float
    difference: float
    """largest change of an output, relative to the largest output"""
    layers: list[Both]
    examples: int


def demonstrate(task: AliasingTask, places: Places, settings: RerunSettings) -> Demonstration:
    """Rescale the first layer of a task's network that can be, and measure both networks.

    Raises what a run raises, and ``Unsupported`` for a network without such a layer.
    """
    device = resolve_device(settings.device)
    shelf = Shelf(places, device, allow_code=settings.allow_code)
    network, dataset = shelf.network_of(task).module, shelf.dataset_of(task)
    assert isinstance(network, PreparedNetwork)
    dtype = torch.float64 if task.model.dtype == "float64" else torch.float32
    stages = whole_pipeline(task.pipeline, device, dtype, allow_code=settings.allow_code)
    count = min(len(dataset.examples), make_plan(device).rows)
    with steady_arithmetic(device):
        signals = [stages.subject(dataset, index).signal.values for index in range(count)]
        return rescaled(network, torch.cat(signals), Settings(task.nyquist, task.window))


def rescaled(network: PreparedNetwork, x: Tensor, settings: Settings) -> Demonstration:
    """Return the demonstration on some inputs; ``Unsupported`` when no layer can be rescaled."""
    candidates = rescalings(network, x)
    if not candidates:
        raise Unsupported("no layer's weights can be rescaled without changing the function")
    chosen, other = candidates[0], copy.deepcopy(network)
    chosen.apply(network, other, FACTOR)
    (before, first), (after, second) = (
        _measured(network, x, settings),
        _measured(other, x, settings),
    )
    names = {
        tensor.data_ptr(): name
        for name, tensor in [*network.network.named_parameters(), *network.network.named_buffers()]
    }
    undone = [*chosen.shrunk, *(a for mean, variance, _ in chosen.norms for a in (mean, variance))]
    scale = float(first.abs().max())
    return Demonstration(
        grown=[names[address] for address in chosen.grown],
        undone=[names[address] for address in undone],
        factor=FACTOR,
        difference=float((first - second).abs().max()) / scale if scale else 0.0,
        layers=[
            Both(layer, (am, after[layer][0]), (relative, after[layer][1]))
            for layer, (am, relative) in before.items()
        ],
        examples=len(x),
    )


def _measured(
    network: nn.Module, x: Tensor, settings: Settings
) -> tuple[dict[str, tuple[float, float]], Tensor]:
    """Return AM and relative AM by layer, and the output."""
    found = {}

    def add(layer: str, name: str, operation: Operation | Refused, output: Tensor) -> None:
        if isinstance(operation, Operation):
            sums = measure(operation, output, settings)
            difference, strided = (
                float(sums.totals[f"abs_{side}"].sum()) for side in ("difference", "strided")
            )
            am = difference / (len(x) * sums.maps)
            found[layer] = am, difference / strided if strided else 0.0

    assert isinstance(network, PreparedNetwork)
    paths = paths_of(network.network)
    with torch.inference_mode(), watching(paths, len(x), add):
        output = network(x)
    return found, output
