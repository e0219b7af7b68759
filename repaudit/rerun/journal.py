"""Finished work on disk, so that a re-run that was stopped goes on where it was.

The unit is a shard: a fixed range of examples of one task. A finished shard is one file,
written beside its place, synced and renamed; what was half written when a machine died is not
there under its name. Noise is keyed, so a shard that is done again gives the same counts.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from repaudit._core.errors import InputError

Columns = Mapping[str, NDArray[Any]]
"""the columns of one shard"""

HEADER = "header.json"


class Journal:
    """A folder of finished shards that all belong to one audit."""

    def __init__(self, folder: Path, header: Mapping[str, str]) -> None:
        """Open a journal, or begin one.

        ``header`` is what the shards are a function of, such as the results file's hash, the
        seed, the nonce and the execution plan. Raises ``InputError`` when the folder holds the
        journal of another header, or cannot be used.
        """
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / HEADER).exists():
                text = json.dumps(dict(header), indent=1, sort_keys=True)
                _write_whole(folder / HEADER, text.encode())
            found = json.loads((folder / HEADER).read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(str(folder), "the folder of a journal", str(error)) from None
        _refuse_other(folder, dict(header), found)

    def read(self, task: str, shard: int) -> Columns | None:
        """Return a finished shard, or ``None`` when it is not there or cannot be read whole."""
        try:
            with self._path(task, shard).open("rb") as stream:
                stored = np.load(stream, allow_pickle=False)
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            return None

    def write(self, task: str, shard: int, columns: Columns) -> None:
        """Store a finished shard; when this returns it survives a power cut."""
        path = self._path(task, shard)
        part = _beside(path)
        with part.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **dict(columns))
            stream.flush()
            os.fsync(stream.fileno())
        _publish(part, path)

    def _path(self, task: str, shard: int) -> Path:
        # A task's label may hold any character and be of any length.
        name = hashlib.sha256(task.encode()).hexdigest()[:16]
        return self.folder / f"{name}-{shard:06d}.npz"


def _refuse_other(folder: Path, header: dict[str, str], found: object) -> None:
    if not isinstance(found, dict):
        raise InputError(str(folder), "the folder of a journal", "another header.json")
    for key in sorted(header.keys() | found.keys()):
        if header.get(key) != found.get(key):
            raise InputError(
                str(folder),
                f"a journal with the {key} {header.get(key)}",
                f"{found.get(key)}",
                "another folder, or remove this one to begin again",
            )


def _write_whole(path: Path, data: bytes) -> None:
    part = _beside(path)
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    _publish(part, path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _publish(part: Path, path: Path) -> None:
    """Give a finished file its name, and make the name itself survive."""
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
