"""From foreign files and what the user says about them to a results file and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from repaudit._core.errors import InputError
from repaudit._core.text import count
from repaudit.contract.files import FileFault
from repaudit.contract.sampling import Bound
from repaudit.contract.types import Real
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.importers.attach import attach, names_of, sigma_of_name
from repaudit.evidence.importers.digits import digits_of
from repaudit.evidence.importers.document import CHECKPOINT, Attached, Settings, document_of
from repaudit.evidence.importers.smoothing_tsv import load
from repaudit.evidence.read import Expected, read_records

Format = Literal["records", "smoothing_tsv"]


@dataclass(frozen=True)
class Imported:
    """A results file that was not written yet."""

    document: dict[str, Any]
    said: tuple[str, ...]
    """one sentence per file: its rows, its digits, where sigma comes from"""


def import_files(
    paths: Sequence[Path],
    form: Format,
    settings: Settings,
    *,
    sigma: str | None,
    output: Path,
    copy: bool,
) -> Imported:
    """Return the results file of some logs or counts; every file is read first.

    ``sigma``  of all files; None = each file's name says it

    Raises ``InputError`` for a file that is none of the format, with its line, a setting that is
    no number, a sigma that nothing says, or a file outside the output's folder.
    """
    _check(settings)
    said, files = [], []
    for path, name in zip(paths, names_of(paths), strict=True):
        rows = _read(path, form)
        known = sigma or sigma_of_name(path)
        if known is None:
            expected = "sigma in the file's name, such as sigma_0.25"
            raise InputError(str(path), expected, "none", "--sigma 0.25")
        _number("--sigma", known)
        place, sha256 = attach(path, name, output.parent, copy=copy)
        files.append(Attached(name, place, sha256, form, known, sigma is None))
        origin = "" if sigma else " from the file's name"
        said.append(f"{path}: {rows}; sigma {known}{origin}")
    return Imported(document_of(files, settings), tuple(said))


def _read(path: Path, form: Format) -> str:
    """Return how many rows a file has, and how its radii are printed, in words."""
    try:
        records = read_records(path, form, Expected("certification", (CHECKPOINT,)))
        rows = count(len(records), "row")
        if form == "records":
            return rows
        return f"{rows}, radii with {digits_of(load(path).columns['radius'])}"
    except EvidenceFault as fault:
        line = f":{fault.place.removeprefix('line ')}" if fault.place else ""
        column = f": column {fault.column}" if fault.column else ""
        raise InputError(f"{path}{line}{column}", fault.expected, fault.found) from None
    except FileFault as fault:
        raise InputError(str(path), "a readable file", fault.reason) from None


def _check(settings: Settings) -> None:
    if settings.alpha is not None:
        _number("--alpha", settings.alpha)
    if settings.bound is not None and settings.bound not in get_args(Bound):
        raise InputError("--bound", f"one of {', '.join(get_args(Bound))}", repr(settings.bound))


def _number(option: str, text: str) -> None:
    try:
        value = Real.parse(text).value
    except ValueError:
        raise InputError(option, "a number, such as 0.25", repr(text)) from None
    if value <= 0:
        raise InputError(option, "a number above 0", text)
