"""Files that are there whole or not at all, and what is said when a disk takes no more."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from repaudit._core.errors import RepauditError
from repaudit._core.text import visible

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""no space left, a quota, a limit on the size of files: more room would help"""


class CannotWrite(RepauditError):
    """A file that does not go to the disk: it is full, over a quota, failing or read-only.

    Nothing of the file is there; what was there under its name before, still is.
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        path: str,
        reason: str,
        needed: int | None = None,
        free: int | None = None,
        is_full: bool = False,
        advice: tuple[str, ...] = (),
    ) -> None:
        self.path, self.reason, self.needed, self.free = path, reason, needed, free
        self.is_full = is_full
        """whether more room would help"""
        self.advice = advice
        """lines on what is kept and what to type next"""
        # The arguments of an exception are what rebuilds it in another process.
        super().__init__(path, reason, needed, free, is_full, advice)

    @classmethod
    def of(cls, path: Path, error: OSError, needed: int | None = None) -> "CannotWrite":
        """Return what is to be said of a file of ``needed`` bytes that could not be written."""
        free = None
        if error.errno == errno.ENOSPC:
            with suppress(OSError):
                free = shutil.disk_usage(path.parent).free
        reason = (error.strerror or str(error) or type(error).__name__).lower()
        return cls(str(path), reason, needed, free, error.errno in FULL)

    def advised(self, *advice: str) -> "CannotWrite":
        """Return the same, with other lines of advice."""
        known = self.path, self.reason, self.needed, self.free, self.is_full
        return CannotWrite(*known, advice)

    def __str__(self) -> str:
        of = "" if self.needed is None else f" for {self.needed:,} bytes"
        expected = f"room{of}" if self.is_full else "a writable place"
        free = "" if self.free is None else f" ({self.free:,} bytes free)"
        said = f"{visible(self.path)}: expected {expected}, found {self.reason}{free}"
        return "\n  ".join([said, *self.advice])


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises ``CannotWrite``."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite.of(path, error) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file: when this returns it survives a power cut, before there is nothing of it.

    Raises ``CannotWrite``.
    """
    with published(path, len(data)) as part:
        part.write_bytes(data)


@contextmanager
def published(path: Path, needed: int | None = None) -> Iterator[Path]:
    """Yield the place beside ``path`` to write to; what is there in the end gets its name.

    ``needed`` is its size in bytes where that is known. Raises ``CannotWrite`` for what the
    system refuses; after that or anything else that goes wrong, nothing new is there.
    """
    part = _beside(path)
    try:
        yield part
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise CannotWrite.of(path, error, needed) from None
    finally:
        with suppress(OSError):
            part.unlink()


def write_first(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; whoever is first wins, and nobody sees a half of it.

    (On a file system without hard links somebody may.) Raises ``CannotWrite``.
    """
    part = _beside(path)
    try:
        part.write_bytes(data)
        _sync(part)
        _name_first(part, path, data)
        _sync(path.parent)
    except OSError as error:
        raise CannotWrite.of(path, error, len(data)) from None
    finally:
        with suppress(OSError):
            part.unlink()


def _name_first(part: Path, path: Path, data: bytes) -> None:
    with suppress(FileExistsError):
        try:
            os.link(part, path)
        except OSError as error:
            if isinstance(error, FileExistsError):
                raise
            with path.open("xb") as stream:  # a file system without hard links
                stream.write(data)


def _beside(path: Path) -> Path:
    # Numbers of processes repeat between machines that share a folder; some writers choose the
    # format by the suffix.
    return path.with_name(f".{path.stem}.{secrets.token_hex(8)}.part{path.suffix}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
