"""The log of locuslab/smoothing: idx, label, predict, radius, correct, time; one line per example.

``predict`` is -1 where the certificate abstains. A row that cannot be an L2 certificate (a
negative or infinite radius) is refused with its line, as is another header. ``time`` is not read,
so that each of its formats will do. References: Cohen, Rosenfeld and Kolter 2019, certify.py.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from repaudit._core.text import closest, count, shorten
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.importers.digits import digits_of
from repaudit.evidence.raw import RawTable

COLUMNS = ("idx", "label", "predict", "radius", "correct", "time")
ABSTAINS = -1
_CORRECT = {"1": True, "0": False, "True": True, "False": False}
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_RADIUS = re.compile(r"[0-9]{1,18}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z")


def load(path: Path) -> RawTable:
    """Return the columns of a log as text, without the blanks round its tabs.

    Raises ``EvidenceFault`` for another header, the first line of another length or whose radius
    is none of an L2 ball, or no UTF-8.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise EvidenceFault(path, None, None, "a log in UTF-8", str(error)) from None
    header = _cells(lines[0]) if lines else []
    _check_header(path, header)
    rows, places = [], []
    for number, line in enumerate(lines[1:], start=2):
        cells = _cells(line)
        if cells == [""]:
            continue
        _check_row(path, number, header, cells)
        rows.append(cells)
        places.append(number)
    return RawTable({c: [row[i] for row in rows] for i, c in enumerate(header)}, places, "line")


def columns_of_log(path: Path, raw: RawTable, classes: int | None) -> dict[str, Any]:
    """Return the columns of the radii in a log, all but the checkpoint.

    ``classes``  the number of classes; None = not stated

    Raises ``EvidenceFault`` at the first value that is none of a certificate.
    """
    index = _read(path, raw, "idx", lambda text: _integer(text, 0, None), "an index of 0 or more")
    label = _read(path, raw, "label", lambda text: _integer(text, 0, classes), _class(0, classes))
    wanted = _class(ABSTAINS, classes)
    predict = _read(path, raw, "predict", lambda text: _integer(text, ABSTAINS, classes), wanted)
    radius = [Decimal(text) for text in raw.columns["radius"]]
    correct = _read(path, raw, "correct", _CORRECT.get, "1, 0, True or False")
    _check_correct(path, raw, label, predict, correct)
    digits = digits_of(raw.columns["radius"])
    ends = [digits.interval(value) for value in radius]
    return {
        "example_id": np.array([str(number) for number in index], np.str_),
        "label": np.array(label, np.int64),
        "predict": np.array(predict, np.int64),
        "radius": np.array(radius, np.float64),
        "low": np.array([low for low, _ in ends], np.float64),
        "high": np.array([high for _, high in ends], np.float64),
        "line": np.array(raw.places, np.int64),
    }


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _check_header(path: Path, header: list[str]) -> None:
    if sorted(header) == sorted(COLUMNS):
        return
    other = next((name for name in header if name not in COLUMNS), None)
    if other is None:
        missing = next((name for name in COLUMNS if name not in header), None)
        found = "one repeated" if missing is None else f"no {missing}"
        raise EvidenceFault(path, "line 1", None, f"the columns {', '.join(COLUMNS)}", found)
    near = closest(other, [name for name in COLUMNS if name not in header])
    expected = f"the column {near}" if near else f"no column but {', '.join(COLUMNS)}"
    raise EvidenceFault(path, "line 1", None, expected, shorten(other))


def _check_row(path: Path, number: int, header: list[str], cells: list[str]) -> None:
    place = f"line {number}"
    if len(cells) != len(header):
        expected = count(len(header), "value")
        raise EvidenceFault(path, place, None, expected, str(len(cells)))
    radius = cells[header.index("radius")]
    if not _RADIUS.match(radius):
        expected = "the radius of an L2 ball, at least 0"
        raise EvidenceFault(path, place, "radius", expected, shorten(radius))


def _read(
    path: Path, raw: RawTable, name: str, convert: Callable[[str], Any], expected: str
) -> list[Any]:
    values = [convert(text) for text in raw.columns[name]]
    for row, value in enumerate(values):
        if value is None:
            found = shorten(raw.columns[name][row])
            raise EvidenceFault(path, raw.place(row), name, expected, found)
    return values


def _integer(text: str, lowest: int, beyond: int | None) -> int | None:
    if not _INTEGER.match(text):
        return None
    value = int(text)
    return value if value >= lowest and (beyond is None or value < beyond) else None


def _class(lowest: int, classes: int | None) -> str:
    abstains = " or -1" if lowest < 0 else ""
    return ("a class" if classes is None else f"a class of 0 to {classes - 1}") + abstains


def _check_correct(
    path: Path, raw: RawTable, label: list[int], predict: list[int], correct: list[bool]
) -> None:
    for row in _contradictions(label, predict, correct):
        expected = f"{int(not correct[row])}, as the label is {label[row]}"
        found = f"{raw.columns['correct'][row]} for a prediction of {predict[row]}"
        raise EvidenceFault(path, raw.place(row), "correct", expected, found)


def _contradictions(label: list[int], predict: list[int], correct: list[bool]) -> Iterator[int]:
    rows = enumerate(zip(label, predict, correct, strict=True))
    return (row for row, (true, said, right) in rows if (true == said) != right)
