"""Finished work on disk, so that a re-run that was stopped goes on where it was.

The unit is a shard: a fixed range of examples of one task. A finished shard is one file,
written beside its place, synced and renamed; what was half written when a machine died is not
there under its name. Noise is keyed, so a shard that is done again gives the same counts, and
several processes, also on several machines that share a file system, may fill one journal.
"""

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from repaudit._core.disk import write_first, write_whole
from repaudit._core.errors import InputError

Columns = Mapping[str, NDArray[Any]]
"""the columns of one shard"""

HEADER = "header.json"


class Journal:
    """A folder of finished shards that all belong to one audit."""

    def __init__(self, folder: Path, header: Mapping[str, str]) -> None:
        """Open a journal, or begin one.

        ``header`` is what the shards are a function of, such as the results file's hash, the
        seed, the nonce and the execution plan. Of several processes that begin one at the same
        time, one writes the header. Raises ``InputError`` when the folder holds the journal of
        another header, or cannot be used.
        """
        self.folder = folder
        _refuse_other(folder, dict(header), begin(folder, header))

    def read(self, task: str, shard: int) -> Columns | None:
        """Return a finished shard, or ``None`` when it is not there or cannot be read whole."""
        try:
            with self._path(task, shard).open("rb") as stream:
                stored = np.load(stream, allow_pickle=False)
                return {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            return None

    def write(self, task: str, shard: int, columns: Columns) -> None:
        """Store a finished shard; when this returns it survives a power cut.

        Raises ``CannotWrite`` where the disk takes no more; the shards before it stay.
        """
        stream = BytesIO()
        np.savez(stream, allow_pickle=False, **dict(columns))
        write_whole(self._path(task, shard), stream.getvalue())
        self._refusal(task, shard).unlink(missing_ok=True)

    def refuse(self, task: str, shard: int, reason: str) -> None:
        """Remember why a shard could not be computed, until it is written."""
        write_whole(self._refusal(task, shard), reason.encode())

    def refusal(self, task: str, shard: int) -> str | None:
        """Return why a shard could not be computed by the process that tried last."""
        path = self._refusal(task, shard)
        return path.read_text(encoding="utf-8") if path.exists() else None

    def _path(self, task: str, shard: int) -> Path:
        # A task's label may hold any character and be of any length.
        name = hashlib.sha256(task.encode()).hexdigest()[:16]
        return self.folder / f"{name}-{shard:06d}.npz"

    def _refusal(self, task: str, shard: int) -> Path:
        return self._path(task, shard).with_suffix(".refused.txt")


def begin(folder: Path, header: Mapping[str, str]) -> object:
    """Return the header of the journal in a folder, which is the given one if it has none.

    Raises ``InputError`` for a folder that cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / HEADER).exists():
            text = json.dumps(dict(header), indent=1, sort_keys=True)
            write_first(folder / HEADER, text.encode())
        return json.loads((folder / HEADER).read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(str(folder), "the folder of a journal", str(error)) from None


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
