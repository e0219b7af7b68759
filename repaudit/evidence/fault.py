"""What is wrong with a file of evidence, and where in it."""

from pathlib import Path

from repaudit._core.text import clip, visible
from repaudit.contract.files import MissingFile


class EvidenceFault(MissingFile):
    """A file of evidence that cannot be read as one: what rests on it is not checked."""

    def __init__(
        self, path: Path, place: str | None, column: str | None, expected: str, found: str
    ) -> None:
        self.place, self.column = place, column
        self.expected, self.found = expected, found
        where = [place] if place else []
        where += [f"column {clip(visible(column))}"] if column else []
        prefix = f"{', '.join(where)}: " if where else ""
        super().__init__(visible(path.name), f"{prefix}expected {expected}, found {found}")


class Contradiction(EvidenceFault):
    """Values that can be read, and that no counting gives."""
