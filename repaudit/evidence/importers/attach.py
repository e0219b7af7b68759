"""Foreign files put where a results file may refer to them, each checked and named."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from repaudit._core.errors import InputError
from repaudit.contract.files import sha256_of

FOLDER = "evidence"
"""Where copies go, beside the results file."""
_SIGMA = re.compile(r"(?:sigma|noise)_(\d+(?:\.\d+)?)")


def sigma_of_name(path: Path) -> str | None:
    """Return the sigma that a file's name says; None when it does not.

    >>> sigma_of_name(Path("test/sigma_0.25")), sigma_of_name(Path("log.tsv"))
    ('0.25', None)
    """
    match = _SIGMA.search(path.name)
    return match[1] if match else None


def names_of(paths: Sequence[Path]) -> list[str]:
    """Return an id for each file: its name, with as many folders as tell all apart.

    Raises ``InputError`` for a file given twice.

    >>> names_of([Path("a/sigma_1"), Path("b/sigma_1")])
    ['a-sigma_1', 'b-sigma_1']
    """
    whole = [path.resolve() for path in paths]
    for path in whole:
        if whole.count(path) > 1:
            raise InputError(str(path), "every file once", "it twice")
    deepest = max(len(path.parts) for path in whole)
    for depth in range(1, deepest + 1):
        names = [_id("-".join(path.parts[-depth:])) for path in whole]
        if len(set(names)) == len(names):
            return names
    return [f"{index}-{path.name}" for index, path in enumerate(whole, start=1)]


def _id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._+-]", "-", text).lstrip("-_+") or "log"


def attach(path: Path, name: str, folder: Path, *, copy: bool) -> tuple[str, str]:
    """Return a file's path relative to the folder of the results file, and its SHA-256.

    ``copy``  puts a file from elsewhere into the folder's ``evidence``; never over another file

    Raises ``InputError`` for a file outside the folder without ``copy``, and where copying fails.
    """
    base, source = folder.resolve(), path.resolve()
    if not source.is_relative_to(base):
        if not copy:
            expected = f"a file in the folder of the results file, {folder}"
            raise InputError(str(path), expected, "one elsewhere", "--copy, or -o beside the file")
        source = _copied(source, base / FOLDER / f"{name}{_suffix(path, name)}")
    return source.relative_to(base).as_posix(), sha256_of(source)


def _suffix(path: Path, name: str) -> str:
    return "" if name.endswith(path.suffix) else path.suffix


def _copied(source: Path, target: Path) -> Path:
    if target.exists():
        if sha256_of(target) != sha256_of(source):
            raise InputError(str(target), "no file, or the same one", "another file")
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise InputError(str(target), "a writable place", str(error.strerror).lower()) from None
    return target
