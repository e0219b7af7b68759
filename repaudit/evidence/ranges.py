"""What the values of records must be, beyond their type."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.columns import CLASSES
from repaudit.evidence.fault import Contradiction
from repaudit.evidence.raw import RawTable

Columns = Mapping[str, NDArray[Any]]

_AT_LEAST_0 = frozenset(
    {"hits", "label_hits", "selection_hits", "top_hits", "void", "repeat", "draw", "norm"}
    | {"recording_radius", "base_margin", "delta_norm", "clean_bias_norm", "noise_gain_norm"}
    | {"perturbation_norm", "attacked_margin", "abs_difference", "abs_strided", "abs_alias_free"}
    | {"sq_difference", "sq_strided", "sq_alias_free"}
)
_AT_LEAST_1 = ("draws", "maps")


class _Law(NamedTuple):
    """One law: where it is broken, and in which words."""

    column: str
    broken: NDArray[np.bool_]
    expected: str


def check_ranges(path: Path, raw: RawTable, columns: Columns, classes: int | None) -> None:
    """Raise ``Contradiction`` at the first row that breaks a law."""
    for law in _laws(columns, classes):
        if np.any(law.broken):
            row = int(np.argmax(law.broken))
            found = str(columns[law.column][row])
            raise Contradiction(path, raw.place(row), law.column, law.expected, found)


def _laws(columns: Columns, classes: int | None) -> Iterator[_Law]:
    for name, values in columns.items():
        if name in _AT_LEAST_0:
            yield _Law(name, values < 0, "at least 0")
        elif name in _AT_LEAST_1:
            yield _Law(name, values < 1, "at least 1")
        elif name == "noise_norm":
            yield _Law(name, values <= 0, "above 0")
        elif name == "label" or name in CLASSES:
            yield _class_law(name, values, classes)
    if "hits" in columns:
        yield from _count_laws(columns)


def _class_law(name: str, values: NDArray[Any], classes: int | None) -> _Law:
    lowest = 0 if name == "label" else -1
    highest = np.inf if classes is None else classes - 1
    words = f"a class of at least {lowest}" if classes is None else f"{lowest} to {highest}"
    return _Law(name, (values < lowest) | (values > highest), words)


def _count_laws(columns: Columns) -> Iterator[_Law]:
    hits, label_hits, draws = columns["hits"], columns["label_hits"], columns["draws"]
    right = columns["selected_class"] == columns["label"]
    yield _Law("hits", hits > draws, "at most draws")
    yield _Law("label_hits", label_hits > draws, "at most draws")
    yield _Law("label_hits", right & (label_hits != hits), "hits, as the label was selected")
    yield _Law("label_hits", ~right & (hits + label_hits > draws), "at most draws minus hits")
    if "top_hits" in columns:
        top = columns["top_hits"]
        yield _Law("top_hits", top > draws, "at most draws")
        yield _Law("top_hits", top < np.maximum(hits, label_hits), "at least every other count")
