"""Load one trained network of a declared model."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from repaudit.contract.model import Model, Network
from repaudit.rerun.models.entry_point import build_from_entry_point
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.exported_program import read_exported_program
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.models.safetensors_file import read_safetensors
from repaudit.rerun.models.state import load_state
from repaudit.rerun.models.state_dict_file import read_state_dict

READERS = {"safetensors": read_safetensors, "state_dict": read_state_dict}


@dataclass(frozen=True)
class LoadedModel:
    """A network ready to be evaluated."""

    module: nn.Module
    """in eval mode, without gradients, on the CPU, in the precision its weights are stored in"""
    batch: int | None
    """the only batch size that it runs at; None = any"""
    describe: str
    """what was loaded, in words, for the report"""


def load_model(
    model: Model, checkpoint_file: Path, *, allow_code: bool, folder: Path | None = None
) -> LoadedModel:
    """Return the network of a checkpoint file, built and loaded as its model declares.

    ``folder`` is the results file's: an entry point may lie in it. No code from a checkpoint
    runs; code of an entry point only with ``allow_code``.

    Raises ``ModelError`` for whatever keeps the network from running.
    """
    if model.format == "exported_program":
        module, batch = read_exported_program(checkpoint_file)
        runs_at = "any batch size" if batch is None else f"batches of {batch} only"
        return _loaded(module, batch, f"exported program, {runs_at}")
    if model.format not in READERS:
        found = model.format or "none declared"
        raise ModelError("format", f"one of {', '.join(READERS)}, exported_program", found)
    if model.network is None:
        raise ModelError("network", "a builtin or an entry point", "none declared")
    module, name = _build(model.network, folder, allow_code=allow_code)
    load_state(module, READERS[model.format](checkpoint_file), str(checkpoint_file))
    parameters = sum(parameter.numel() for parameter in module.parameters())
    return _loaded(module, None, f"{name} from {model.format}, {parameters} parameters")


def _build(network: Network, folder: Path | None, *, allow_code: bool) -> tuple[nn.Module, str]:
    """Return the network with fresh weights and its name in words."""
    if network.builtin is not None:
        return build_network(network.builtin, network.options), f"built-in {network.builtin}"
    name = network.entry_point or ""
    module = build_from_entry_point(name, network.options, folder, allow_code=allow_code)
    return module, f"entry point {name}"


def _loaded(module: nn.Module, batch: int | None, describe: str) -> LoadedModel:
    # A program's own train() refuses to be called, so the base class's is.
    nn.Module.train(module, False)
    module.requires_grad_(False)
    return LoadedModel(module, batch, describe)
