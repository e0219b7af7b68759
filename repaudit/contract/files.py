"""Files that a results file refers to: never outside its folder or a named root, hash checked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from repaudit.contract.types import File

CHUNK = 1 << 20


class FileFault(Exception):
    """A declared file that cannot be used; the text says why, ``path`` which."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class MissingFile(FileFault):
    """The file is not there, or not readable as what it should be: not checked."""


class HashMismatch(FileFault):
    """The file is there and is another one than declared: an error."""


class OutsideFolder(FileFault):
    """The path leaves the results file's folder or its root: an error."""


@dataclass(frozen=True)
class Places:
    """Where a results file's paths may lead."""

    folder: Path
    """folder of the results file"""
    roots: Mapping[str, Path]
    """named roots of the command line"""

    def base(self, file: File) -> Path:
        """Return the folder that the file's path is relative to; ``MissingFile`` without it."""
        if file.root is None:
            return self.folder
        if file.root not in self.roots:
            raise MissingFile(file.path, f"root {file.root} not given; try --root {file.root}=DIR")
        return self.roots[file.root]

    def resolve(self, file: File) -> Path:
        """Return the path of a declared file, inside its base, existing; hash not looked at."""
        return inside(self.base(file), file.path)

    def verified(self, file: File) -> Path:
        """Return the path of a declared file whose hash is the declared one.

        Raises ``MissingFile``, ``OutsideFolder`` or ``HashMismatch``.
        """
        path = self.resolve(file)
        verify_sha256(path, file.sha256, file.path)
        return path


def inside(base: Path, relative: str) -> Path:
    """Return ``base / relative`` when it exists and stays inside ``base`` (links resolved)."""
    root = base.resolve()
    if "\0" in relative:
        raise OutsideFolder(relative.replace("\0", "\\0"), "a path cannot hold a null character")
    try:
        path = (root / relative).resolve()
    except (OSError, RuntimeError):  # a loop of links, or a name too long for this system
        raise MissingFile(relative[:80], "the path cannot be followed") from None
    if not path.is_relative_to(root):
        raise OutsideFolder(relative, "the path leaves the folder of the results file")
    try:
        is_there = path.is_file()
    except OSError:
        is_there = False
    if not is_there:
        raise MissingFile(relative[:80], "no such file")
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def verify_sha256(path: Path, declared: str, shown: str) -> None:
    """Raise ``HashMismatch`` unless the file's SHA-256 is the declared one."""
    try:
        found = sha256_of(path)
    except OSError as error:
        raise MissingFile(shown, f"cannot be read ({error.strerror})") from None
    if found != declared:
        raise HashMismatch(shown, f"declared sha256 {declared[:12]}…, the file has {found[:12]}…")
