"""One JSON object per line, UTF-8; an undefined value is null."""

import json
from pathlib import Path
from typing import Any

from repaudit._core.text import shorten
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.raw import RawTable


def load(path: Path) -> RawTable:
    """Return the columns of a JSONL file; every object has the keys of the first."""
    rows: list[dict[str, Any]] = []
    lines = []
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as stream:
            for number, text in enumerate(stream, start=1):
                if text.strip():
                    rows.append(_parsed(path, number, text))
                    lines.append(number)
    except UnicodeDecodeError as error:
        raise EvidenceFault(path, None, None, "UTF-8", str(error)) from None
    keys = list(rows[0]) if rows else []
    for row, line in zip(rows, lines, strict=True):
        for key in set(row) ^ set(keys):
            expected = "the columns of the first line"
            found = "one more" if key in row else "none"
            raise EvidenceFault(path, f"line {line}", key, expected, found)
    return RawTable({key: [row[key] for row in rows] for key in keys}, lines, "line")


def dump(columns: dict[str, list[object]], path: Path) -> None:
    """Write a JSONL file."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in zip(*columns.values(), strict=True):
            record = dict(zip(columns, row, strict=True))
            stream.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


def _parsed(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise EvidenceFault(path, f"line {line}", None, "a JSON object", str(error)) from None
    if not isinstance(value, dict):
        raise EvidenceFault(path, f"line {line}", None, "a JSON object", shorten(value))
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a repeated key")
    return dict(pairs)
