"""Released per-example counts, or radii: read strictly, every fault with its place.

What a reader may rely on afterwards: every required column is there, counts are integers in
their ranges, numbers are finite (but in the nullable columns), classes exist, every row is
there once, and every row belongs to a known checkpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from repaudit._core.text import closest, shorten
from repaudit.evidence.columns import KEYS, TABLES, Kind, columns_of
from repaudit.evidence.convert import Reader
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.formats import load_raw
from repaudit.evidence.importers import smoothing_tsv
from repaudit.evidence.ranges import check_ranges
from repaudit.evidence.raw import RawTable
from repaudit.evidence.tables import RadiusRecords, Records


@dataclass(frozen=True)
class Expected:
    """What the results file says about a file of records."""

    kind: Kind
    checkpoints: tuple[str, ...]
    """of the evaluation; empty for geometry, which has no network"""
    checkpoint: str | None = None
    """the one that the file belongs to"""
    classes: int | None = None
    """number of classes; None = not stated"""
    class_names: tuple[str, ...] = ()
    """a class may be written as one of these names or as its index"""


def read_records(
    path: Path, file_format: Literal["records", "smoothing_tsv"], expected: Expected
) -> Records:
    """Return the records of one file.

    Raises ``EvidenceFault`` for the first fault found, and ``MissingPart`` when the library
    that reads the format is not installed.
    """
    if file_format == "smoothing_tsv":
        return _read_log(path, expected)
    raw = load_raw(path)
    _check_columns(path, raw, expected.kind)
    _refuse_empty(path, raw)
    reader = Reader(path, raw, expected.classes, expected.class_names)
    columns: dict[str, Any] = {
        column.name: reader.read(column)
        for column in columns_of(expected.kind).values()
        if column.name in raw.columns
    }
    size = len(raw.places)
    known = columns_of(expected.kind)
    if "repeat" in known and "repeat" not in columns:
        columns["repeat"] = np.zeros(size, np.int64)
    if "checkpoint" in known:
        columns["checkpoint"] = _checkpoints(path, raw, columns.get("checkpoint"), expected)
    check_ranges(path, raw, columns, expected.classes)
    _refuse_repeated(path, raw, columns, expected.kind)
    return TABLES[expected.kind](**columns)


def _read_log(path: Path, expected: Expected) -> RadiusRecords:
    if expected.kind != "certification":
        raise EvidenceFault(path, None, None, f"records of {expected.kind}", "smoothing_tsv")
    raw = load_raw(path, smoothing_tsv.load)
    _refuse_empty(path, raw)
    columns = smoothing_tsv.columns_of_log(path, raw, expected.classes)
    columns["repeat"] = np.zeros(len(raw.places), np.int64)
    columns["checkpoint"] = _checkpoints(path, raw, None, expected)
    _refuse_repeated(path, raw, columns, expected.kind)
    return RadiusRecords(**columns)


def _refuse_empty(path: Path, raw: RawTable) -> None:
    if not raw.places:
        raise EvidenceFault(path, None, None, "at least one row", "none")


def _check_columns(path: Path, raw: RawTable, kind: Kind) -> None:
    known = columns_of(kind)
    for column in known.values():
        if column.required and column.name not in raw.columns:
            raise EvidenceFault(path, None, column.name, "this column", "none")
    for name in raw.columns:
        if name not in known and not name.startswith("x-"):
            near = closest(name, [other for other in known if other not in raw.columns])
            expected = f"the column {near}" if near else f"a column of {kind} records or x-…"
            raise EvidenceFault(path, None, name, expected, "an unknown column")


def _checkpoints(path: Path, raw: RawTable, column: Any, expected: Expected) -> Any:
    """Return the checkpoint of every row, from the column or from where the file stands."""
    only = expected.checkpoint
    if only is None and len(expected.checkpoints) == 1:
        only = expected.checkpoints[0]
    if column is None:
        if only is None:
            names = ", ".join(expected.checkpoints)
            raise EvidenceFault(path, None, "checkpoint", f"this column, one of {names}", "none")
        return np.full(len(raw.places), only)
    allowed = {only} if only is not None else set(expected.checkpoints)
    for row, name in enumerate(column):
        if name not in allowed:
            words = " or ".join(sorted(allowed))
            raise EvidenceFault(path, raw.place(row), "checkpoint", words, shorten(str(name)))
    return column


def _refuse_repeated(path: Path, raw: RawTable, columns: dict[str, Any], kind: Kind) -> None:
    names = [name for name in KEYS[kind] if name in columns]
    keys: Sequence[tuple[Any, ...]] = list(zip(*(columns[n].tolist() for n in names), strict=True))
    first: dict[tuple[Any, ...], int] = {}
    for row, key in enumerate(keys):
        if key in first:
            found = f"{shorten(str(key[0]))} also at {raw.place(first[key])}"
            expected = f"every ({', '.join(names)}) once"
            raise EvidenceFault(path, raw.place(row), None, expected, found)
        first[key] = row
