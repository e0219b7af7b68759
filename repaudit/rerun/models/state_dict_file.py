"""Weights from a PyTorch checkpoint that holds a state_dict, read without running its pickle.

Accepted: the dict of tensors itself, or one nested under ``state_dict`` as training scripts
write it. Refused: a pickled network (its pickle would run code) and a TorchScript archive (its
format is deprecated and holds code).
"""

import pickle
import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.limits import MAX_BYTES, require_size_below_cap

CONVERT = "safetensors.torch.save_file(model.state_dict(), 'weights.safetensors') where it loads"


def read_state_dict(checkpoint: Path) -> dict[str, Tensor]:
    """Return the named tensors, on the CPU.

    Raises ``ModelError`` when the file holds anything but tensors by name.
    """
    require_size_below_cap(checkpoint)
    _refuse_other_archives(checkpoint)
    content = _unpickle_tensors(checkpoint)
    if isinstance(content, dict) and isinstance(content.get("state_dict"), dict):
        content = content["state_dict"]
    if not isinstance(content, dict) or not content:
        raise ModelError(str(checkpoint), "tensors by name", type(content).__name__, CONVERT)
    for name, value in content.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            found = f"{type(value).__name__} under {name!r}"
            raise ModelError(str(checkpoint), "tensors by name", found, CONVERT)
    return content


def _refuse_other_archives(checkpoint: Path) -> None:
    """Raise for TorchScript, for an exported program and for an archive that unpacks to too much.

    A checkpoint from before PyTorch 1.6 is no zip archive and passes.
    """
    if not zipfile.is_zipfile(checkpoint):
        return
    with zipfile.ZipFile(checkpoint) as archive:
        members = archive.infolist()
    names = ["/" + member.filename for member in members]
    if any("/code/" in name or name.endswith("/constants.pkl") for name in names):
        raise ModelError(str(checkpoint), "a state_dict", "a TorchScript archive", CONVERT)
    if any(name.endswith("/models/model.json") for name in names):
        hint = "declare the format exported_program"
        raise ModelError(str(checkpoint), "a state_dict", "an exported program", hint)
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise ModelError(str(checkpoint), f"at most {MAX_BYTES} bytes unpacked", "more")


def _unpickle_tensors(checkpoint: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about pickles that are not of torch's own kind
            return torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=False)
    except pickle.UnpicklingError:
        found = "a pickle that asks for other objects"
        raise ModelError(str(checkpoint), "tensors only", found, CONVERT) from None
    # A damaged file fails wherever the reader happens to be, with whatever that part raises.
    except Exception as error:
        found = f"a file that torch cannot read ({type(error).__name__})"
        raise ModelError(str(checkpoint), "a whole checkpoint", found, CONVERT) from None
