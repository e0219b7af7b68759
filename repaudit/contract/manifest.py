"""Manifests of audio files: CSV with path, label, sha256, [fold], [example_id]."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from repaudit.contract.data import Data
from repaudit.contract.files import MissingFile

REQUIRED = ("path", "label", "sha256")
SHA256 = re.compile("^[0-9a-f]{64}$")


class ManifestFault(MissingFile):
    """A manifest that cannot be read as one; the text has the line."""


@dataclass(frozen=True)
class ManifestRow:
    """One example of a manifest."""

    path: str
    """relative to the manifest's folder"""
    label: int
    """index into ``class_names``"""
    sha256: str
    fold: str | None
    example_id: str


def load_manifest(path: Path, data: Data) -> list[ManifestRow]:
    """Return the rows of a manifest, in its order.

    Raises ``ManifestFault`` with the line for a missing column, an unknown label, a malformed hash
    or a repeated example_id.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            header = reader.fieldnames or []
            missing = [name for name in REQUIRED if name not in header]
            if missing:
                raise ManifestFault(path.name, f"line 1: expected a column {missing[0]}")
            rows = [_row(path.name, reader.line_num, row, data) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestFault(path.name, f"cannot be read as CSV ({error})") from None
    _refuse_repeats(path.name, rows)
    return rows


def _row(name: str, line: int, row: dict[str, str | None], data: Data) -> ManifestRow:
    path, label, sha256 = (row.get(key) or "" for key in REQUIRED)
    if not path or not SHA256.match(sha256):
        raise ManifestFault(name, f"line {line}: expected a path and a sha256")
    return ManifestRow(
        path=path,
        label=_label_index(name, line, label, data.class_names or []),
        sha256=sha256,
        fold=row.get("fold") or None,
        example_id=row.get("example_id") or path,
    )


def _label_index(name: str, line: int, label: str, names: list[str]) -> int:
    if label in names:
        return names.index(label)
    if label.isdecimal() and (not names or int(label) < len(names)):
        return int(label)
    raise ManifestFault(name, f"line {line}: label {label[:40]!r} is not in class_names")


def _refuse_repeats(name: str, rows: list[ManifestRow]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.example_id in seen:
            raise ManifestFault(name, f"example_id {row.example_id} stands there twice")
        seen.add(row.example_id)
