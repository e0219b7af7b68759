"""Records to a file: the format by suffix, and never half a file."""

import math
from dataclasses import fields
from pathlib import Path

from repaudit._core.disk import published
from repaudit.evidence.formats import format_of
from repaudit.evidence.tables import Records


def write_records(records: Records, path: Path) -> None:
    """Write records as CSV, JSONL, npz or Parquet; reading them back gives the same records.

    The file appears complete or not at all. Optional columns that are None are left out.
    Raises ``EvidenceFault`` for an unknown suffix and ``CannotWrite`` for a full disk and the like.
    """
    form = format_of(path)
    with published(path) as part:
        form.dump(_columns(records), part)


def _columns(records: Records) -> dict[str, list[object]]:
    arrays = {field.name: getattr(records, field.name) for field in fields(records)}
    return {
        name: [None if isinstance(v, float) and math.isnan(v) else v for v in values.tolist()]
        for name, values in arrays.items()
        if values is not None
    }
