"""One file per file format: ``load(path) -> RawTable`` and ``dump(columns, path)``.

``dump`` gets the columns in order, each a list of str, int, float or None (undefined).
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.formats import csv, jsonl, npz, parquet
from repaudit.evidence.raw import MAX_BYTES, RawTable


class Format(NamedTuple):
    """How a file format is read and written."""

    load: Callable[[Path], RawTable]
    dump: Callable[[dict[str, list[object]], Path], None]


FORMATS = {
    ".csv": Format(csv.load, csv.dump),
    ".jsonl": Format(jsonl.load, jsonl.dump),
    ".npz": Format(npz.load, npz.dump),
    ".parquet": Format(parquet.load, parquet.dump),
}


def format_of(path: Path) -> Format:
    """Return the format that a path's suffix names; ``EvidenceFault`` when none does."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        expected = f"a suffix of {', '.join(FORMATS)}"
        raise EvidenceFault(path, None, None, expected, path.suffix or "none")
    return found


def load_raw(path: Path, load: Callable[[Path], RawTable] | None = None) -> RawTable:
    """Return the columns of a file, ``EvidenceFault`` when it cannot be read.

    ``load``  reads it instead of the format that its suffix names
    """
    load = load or format_of(path).load
    try:
        if path.stat().st_size > MAX_BYTES:
            raise EvidenceFault(path, None, None, f"at most {MAX_BYTES} bytes", "more")
        return load(path)
    except OSError as error:
        reason = str(error.strerror or error).lower()
        raise EvidenceFault(path, None, None, "a readable file", reason) from None
