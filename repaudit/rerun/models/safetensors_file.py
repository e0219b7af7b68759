"""Weights from a safetensors file: a JSON header and raw numbers, nothing that can run."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.limits import require_size_below_cap


def read_safetensors(checkpoint: Path) -> dict[str, Tensor]:
    """Return the named tensors, on the CPU.

    Raises ``ModelError`` when the file is not a whole safetensors file.
    """
    require_size_below_cap(checkpoint)
    try:
        return load_file(checkpoint)
    except SafetensorError as error:
        raise ModelError(str(checkpoint), "a safetensors file", str(error)) from None
