"""The executions of one audit: chosen once, kept beside its finished work, used by all of it."""

import hashlib
import json
from pathlib import Path

from repaudit._core.disk import make_folder, write_first
from repaudit._core.errors import InputError
from repaudit.rerun.execution.execution import Execution

FOLDER = "executions"


class Book:
    """Executions by network and shape of its input.

    With a folder they are kept there, so that what was interrupted goes on, and what several
    processes share is computed, in one way. Of several that choose at once the first one wins.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` is that of a journal; ``None`` keeps the executions in memory."""
        self._folder = None if folder is None else folder / FOLDER
        self._entries: dict[str, Execution] = {}

    def get(self, key: str) -> Execution | None:
        """Return what was chosen for a network, by this process or another one.

        Raises ``InputError`` for a file that holds no execution.
        """
        if key not in self._entries and (path := self._path(key)) is not None and path.exists():
            try:
                self._entries[key] = Execution.from_json(json.loads(path.read_bytes()))
            except (OSError, ValueError) as error:
                raise InputError(str(path), "the execution of a network", str(error)) from None
        return self._entries.get(key)

    def put(self, key: str, execution: Execution) -> Execution:
        """Keep what was chosen; return what is kept, which somebody else may have chosen."""
        path = self._path(key)
        if path is None:
            return self._entries.setdefault(key, execution)
        make_folder(path.parent)
        write_first(path, json.dumps(execution.as_json(), indent=1).encode())
        return self.get(key) or execution

    def _path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{key}.json"


def key_of(model: str, shape: tuple[int, ...], device: str) -> str:
    """Return the name of a network on a device, whatever its checkpoint.

    ``model`` is the declared model as text, ``shape`` that of one block of its inputs.

    >>> key_of("{}", (16, 1, 64, 101), "cpu") == key_of("{}", (16, 1, 64, 101), "cuda")
    False
    """
    text = json.dumps([model, list(shape), device])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
