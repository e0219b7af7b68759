"""The executions of one audit: chosen once, kept beside its finished work, used by all of it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from repaudit._core.disk import make_folder, write_first
from repaudit._core.errors import InputError
from repaudit.rerun.execution.execution import Execution

FOLDER = "executions"


@dataclass(frozen=True)
class Choice:
    """How one network is carried out in one evaluation."""

    execution: Execution
    said: tuple[str, ...] = ()
    """what a reader should know about the choice"""

    def as_json(self) -> dict[str, object]:
        """Return what `from_json` reads."""
        return {"execution": self.execution.as_json(), "said": list(self.said)}

    @staticmethod
    def from_json(found: object) -> "Choice":
        """Return a choice that was written by `as_json`; ``ValueError`` for anything else."""
        if not isinstance(found, dict) or found.keys() != {"execution", "said"}:
            raise ValueError("not the execution of a network")
        said = found["said"]
        if not isinstance(said, list) or not all(isinstance(line, str) for line in said):
            raise ValueError(f"said: {said!r}")
        return Choice(Execution.from_json(found["execution"]), tuple(said))


class Book:
    """Choices by evaluation, checkpoint and shape of the input.

    With a folder they are kept there, so that what was interrupted goes on, and what several
    processes share is computed, in one way. Of several that choose at once the first one wins.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` is that of a journal; ``None`` keeps the choices in memory."""
        self._folder = None if folder is None else folder / FOLDER
        self._entries: dict[str, Choice] = {}

    def get(self, key: str) -> Choice | None:
        """Return what was chosen, by this process or another one.

        Raises ``InputError`` for a file that holds no choice.
        """
        if key not in self._entries and (path := self._path(key)) is not None and path.exists():
            try:
                self._entries[key] = Choice.from_json(json.loads(path.read_bytes()))
            except (OSError, ValueError) as error:
                raise InputError(str(path), "the execution of a network", str(error)) from None
        return self._entries.get(key)

    def put(self, key: str, choice: Choice) -> Choice:
        """Keep what was chosen; return what is kept, which somebody else may have chosen."""
        path = self._path(key)
        if path is None:
            return self._entries.setdefault(key, choice)
        make_folder(path.parent)
        write_first(path, json.dumps(choice.as_json(), indent=1).encode())
        return self.get(key) or choice

    def _path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{key}.json"


def key_of(
    evaluation: str, network: tuple[object, ...], shape: tuple[int, ...], device: str
) -> str:
    """Return the name of a network in an evaluation on a device.

    ``network`` is what it is loaded from, ``shape`` that of one block of its inputs.

    >>> key_of("a", ("m",), (16, 8), "cpu") == key_of("b", ("m",), (16, 8), "cpu")
    False
    """
    text = json.dumps([evaluation, list(network), list(shape), device])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
