"""Data sets as arrays: npz or safetensors, read without running anything they hold."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError, safe_open

from repaudit.contract.base import stated
from repaudit.contract.data import Data, Tensors
from repaudit.contract.files import MissingFile, Places
from repaudit.rerun.data.examples import Dataset, Example, NotAsDeclared
from repaudit.rerun.steps import Signal

Array = npt.NDArray[Any]
MAX_BYTES = 16 << 30
"""Largest file content, uncompressed."""


@dataclass(frozen=True)
class Rows:
    """The inputs of a data set, as ``[N, ...]``."""

    inputs: Array
    shown: str
    sample_rate_hz: int | None

    def read(self, row: int) -> Signal:
        """Return one row as a batch of one, float32 (uint8 over 255).

        ``MissingFile`` when it holds numbers that are not finite.
        """
        values = torch.from_numpy(np.ascontiguousarray(self.inputs[row]))[None]
        values = values.float() / 255 if values.dtype == torch.uint8 else values.float()
        if not bool(torch.isfinite(values).all()):
            raise MissingFile(self.shown, f"row {row} holds numbers that are not finite")
        return Signal(values, self.sample_rate_hz)


def array_dataset(data: Data, tensors: Tensors, places: Places) -> Dataset:
    """Return the rows of an array file whose hash is the declared one; example_id = row."""
    path, shown = places.verified(tensors.file), tensors.file.path
    inputs, labels = _load(path, shown, (tensors.inputs, tensors.labels))
    inputs = _arranged(inputs, data, tensors, shown)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or len(labels) != len(inputs):
        raise NotAsDeclared(shown, f"{tensors.labels} is no list of {len(inputs)} class indices")
    rate = data.sample_rate_hz if isinstance(data.sample_rate_hz, int) else None
    examples = tuple(Example(str(row), int(label), None) for row, label in enumerate(labels))
    rows = Rows(inputs, shown, rate if data.kind == "audio" else None)
    return Dataset(examples, tuple(range(len(inputs))), rows.read, shown)


def _load(path: Path, shown: str, names: tuple[str, str]) -> list[Array]:
    read = _load_safetensors if path.suffix == ".safetensors" else _load_npz
    try:
        return [read(path, name) for name in names]
    except KeyError as error:
        raise MissingFile(shown, f"holds no array {error}") from None
    except (OSError, ValueError, TypeError, EOFError, MemoryError) as error:
        raise MissingFile(shown, f"cannot be read ({error})") from None
    except (zipfile.BadZipFile, SafetensorError, NotImplementedError) as error:
        raise MissingFile(shown, f"cannot be read ({error})") from None


def _load_npz(path: Path, name: str) -> Array:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES >> 30} GiB")
    with np.load(path, allow_pickle=False) as archive:
        if name not in archive.files:
            raise KeyError(name)
        return np.asarray(archive[name])


def _load_safetensors(path: Path, name: str) -> Array:
    with safe_open(path, framework="numpy") as archive:
        if name not in archive.keys():  # noqa: SIM118 - no mapping
            raise KeyError(name)
        return np.asarray(archive.get_tensor(name))


def _arranged(inputs: Array, data: Data, tensors: Tensors, shown: str) -> Array:
    """Return the inputs as ``[N, ...]`` in the axes of a signal of their kind; a view."""
    images = inputs.dtype == np.uint8 and data.kind == "image"
    if not images and inputs.dtype.kind != "f":
        raise NotAsDeclared(shown, f"{inputs.dtype} is no type of {data.kind} inputs")
    if data.kind == "image":
        return _images(inputs, tensors, shown)
    channel_axis_missing = inputs.ndim == (2 if data.kind == "audio" else 3)
    return inputs[:, None] if channel_axis_missing else inputs


def _images(inputs: Array, tensors: Tensors, shown: str) -> Array:
    if inputs.ndim == 3:
        return inputs[:, None]
    if inputs.ndim != 4:
        raise NotAsDeclared(shown, f"{inputs.ndim} axes are no batch of images")
    if inputs.dtype.kind == "f" and not (inputs.min() >= 0 and inputs.max() <= 1):
        raise NotAsDeclared(shown, "images have values outside [0, 1]")
    layout = stated(tensors.layout or "unstated", "data.tensors.layout")
    return inputs.transpose(0, 3, 1, 2) if layout == "channels_last" else inputs
