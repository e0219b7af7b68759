"""Comma-separated values, UTF-8, one header line (RFC 4180)."""

import csv
from pathlib import Path

from repaudit._core.text import count
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.raw import RawTable


def load(path: Path) -> RawTable:
    """Return the columns of a CSV file, every value as text."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            if len(set(header)) != len(header):
                raise EvidenceFault(path, "line 1", None, "every column once", "one repeated")
            rows, lines = [], []
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    expected = count(len(header), "value")
                    place = f"line {reader.line_num}"
                    raise EvidenceFault(path, place, None, expected, str(len(row)))
                rows.append(row)
                lines.append(reader.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceFault(path, None, None, "CSV in UTF-8", str(error)) from None
    values = zip(*rows, strict=True) if rows else ([] for _ in header)
    return RawTable(dict(zip(header, values, strict=True)), lines, "line")


def dump(columns: dict[str, list[object]], path: Path) -> None:
    """Write a CSV file; floats keep every digit, an undefined value is empty."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        # The writer quotes a line feed in a name by itself, a carriage return only when told.
        returns = any(isinstance(v, str) and "\r" in v for vs in columns.values() for v in vs)
        if returns:
            writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        else:
            writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow(["" if value is None else value for value in row])
