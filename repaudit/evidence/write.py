"""Records to a file: the format by suffix, and never half a file."""

import math
import os
import tempfile
from dataclasses import fields
from pathlib import Path

from repaudit.evidence.formats import format_of
from repaudit.evidence.tables import Records


def write_records(records: Records, path: Path) -> None:
    """Write records as CSV, JSONL, npz or Parquet; reading them back gives the same records.

    The file appears complete or not at all. Optional columns that are None are left out.
    Raises ``EvidenceFault`` for an unknown suffix and ``OSError`` when it cannot be written.
    """
    form = format_of(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        form.dump(_columns(records), temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _columns(records: Records) -> dict[str, list[object]]:
    arrays = {field.name: getattr(records, field.name) for field in fields(records)}
    return {
        name: [None if isinstance(v, float) and math.isnan(v) else v for v in values.tolist()]
        for name, values in arrays.items()
        if values is not None
    }
