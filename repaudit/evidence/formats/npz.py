"""NumPy archives: one array per column, no pickled objects."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.raw import MAX_BYTES, RawTable


def load(path: Path) -> RawTable:
    """Return the columns of an npz file; pickled arrays are refused, never executed."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
                raise EvidenceFault(path, None, None, f"at most {MAX_BYTES} bytes", "more")
        with np.load(path, allow_pickle=False) as arrays:
            columns = {name: arrays[name] for name in arrays.files}
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise EvidenceFault(path, None, None, "an npz file of plain arrays", str(error)) from None
    for name, array in columns.items():
        _check_shape(path, name, array, next(iter(columns.values())))
    rows = range(1, len(next(iter(columns.values()), [])) + 1)
    return RawTable({name: array.tolist() for name, array in columns.items()}, rows, "row")


def dump(columns: dict[str, list[object]], path: Path) -> None:
    """Write an npz file; an undefined number is nan."""
    arrays = {name: _array(values) for name, values in columns.items()}
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def _array(values: list[object]) -> NDArray[np.generic]:
    return np.array([np.nan if value is None else value for value in values])


def _check_shape(
    path: Path, name: str, array: NDArray[np.generic], first: NDArray[np.generic]
) -> None:
    if array.ndim != 1 or array.shape != first.shape:
        found = f"shape {array.shape}"
        raise EvidenceFault(path, None, name, "one dimension, as long as the others", found)
