"""Records of several runs: put together, taken apart, laid side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from repaudit.evidence.tables import Records

R = TypeVar("R", bound=Records)
_RUNS: WeakKeyDictionary[Records, Any] = WeakKeyDictionary()
_EXAMPLES: WeakKeyDictionary[Records, int] = WeakKeyDictionary()


def concatenate(parts: Sequence[R]) -> R:
    """Return the rows of all parts, in order; a column that not every part has is left out.

    Raises ``ValueError`` without a part.
    """
    if not parts:
        raise ValueError("parts: expected at least one, got none")
    columns: dict[str, Any] = {}
    for field in fields(parts[0]):
        arrays = [getattr(part, field.name) for part in parts]
        missing = any(array is None for array in arrays)
        columns[field.name] = None if missing else np.concatenate(arrays)
    return replace(parts[0], **columns)


def take(records: R, rows: ArrayLike) -> R:
    """Return some rows: a mask, or indices."""
    index = np.asarray(rows)
    if index.size == 0:  # an empty list has no type to index by
        index = index.astype(np.int64)
    columns = {field.name: getattr(records, field.name) for field in fields(records)}
    taken: dict[str, Any] = {
        name: None if column is None else column[index] for name, column in columns.items()
    }
    return replace(records, **taken)


def select(records: R, *, checkpoint: str | None = None, repeat: int | None = None) -> R:
    """Return the rows of one checkpoint, one repeat, or both; None selects all."""
    mask = np.ones(len(records), np.bool_)
    checkpoints, repeats = getattr(records, "checkpoint", None), getattr(records, "repeat", None)
    if checkpoint is not None and checkpoints is not None:
        mask &= checkpoints == checkpoint
    if repeat is not None and repeats is not None:
        mask &= repeats == repeat
    return take(records, mask)


def runs_of(records: R) -> tuple[R, ...]:
    """Return the records of each run (checkpoint x repeat), by checkpoint, then repeat.

    Every claim of an evaluation asks for its runs: they are taken apart once.
    """
    found: tuple[R, ...] | None = _RUNS.get(records)
    if found is None:
        found = _RUNS[records] = tuple(_taken_apart(records))
    return found


def examples_in(records: Records) -> int:
    """Return how many examples there are; counted once."""
    if records not in _EXAMPLES:
        _EXAMPLES[records] = len(set(records.example_id.tolist()))
    return _EXAMPLES[records]


def _taken_apart(records: R) -> Iterator[R]:
    size = len(records)
    checkpoints = getattr(records, "checkpoint", np.zeros(size, np.str_))
    repeats = getattr(records, "repeat", np.zeros(size, np.int64))
    keys = sorted(set(zip(checkpoints.tolist(), repeats.tolist(), strict=True)))
    for checkpoint, repeat in keys:
        yield take(records, (checkpoints == checkpoint) & (repeats == repeat))


def align(first: R, second: R) -> tuple[R, R]:
    """Return the rows that both have, in the order of ``first``.

    Rows are the same when example_id, checkpoint and repeat are (and draw or layer, where the
    records have one).
    """
    position = {key: row for row, key in enumerate(row_keys(second))}
    pairs = [(row, position[key]) for row, key in enumerate(row_keys(first)) if key in position]
    left = np.array([a for a, _ in pairs], np.int64)
    right = np.array([b for _, b in pairs], np.int64)
    return take(first, left), take(second, right)


def row_keys(records: Records) -> list[tuple[object, ...]]:
    """Return what identifies each row, in order."""
    names = ("example_id", "checkpoint", "repeat", "draw", "layer", "attack")
    columns = [getattr(records, name, None) for name in names]
    return list(zip(*(column.tolist() for column in columns if column is not None), strict=True))
