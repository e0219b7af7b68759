"""Votes and classes as an author's own code has them: lists, arrays, tensors, names."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from repaudit._core.errors import InputError
from repaudit._core.text import closest, shorten


class _Array(Protocol):
    """An array of any library, on any device."""

    def tolist(self) -> Any: ...


Votes = Sequence[int] | _Array
"""One count per class."""


def votes_of(given: Votes, classes: int | None, where: str) -> list[int]:
    """Return counts as integers; ``InputError`` for anything but one count per class.

    >>> votes_of(np.array([3.0, 0.0]), 2, "votes")
    [3, 0]
    """
    values = np.asarray(given.tolist() if hasattr(given, "tolist") else given)
    if values.ndim != 1 or values.size == 0 or values.dtype.kind not in "iufb":
        raise InputError(where, "one count per class", f"an array of shape {values.shape}")
    if classes is not None and values.size != classes:
        raise InputError(where, f"{classes} counts, one per class", str(values.size))
    if not np.all(np.isfinite(values)) or np.any(values != np.floor(values)) or np.any(values < 0):
        bad = next(v for v in values.tolist() if not (np.isfinite(v) and v == int(v) and v >= 0))
        raise InputError(where, "whole numbers of at least 0", str(bad))
    return [int(value) for value in values]


def most_voted(votes: Sequence[int]) -> int:
    """Return the class with most votes, ties to the lowest index: also 0 when no class has any.

    >>> most_voted([2, 5, 5]), most_voted([0, 0])
    (1, 0)
    """
    return votes.index(max(votes))


def class_of(given: int | str, names: Sequence[str], classes: int, where: str) -> int:
    """Return a class as its index; ``InputError`` for one that does not exist.

    >>> class_of("stop", ["go", "stop"], 2, "label")
    1
    """
    if isinstance(given, str):
        if given not in names:
            near = closest(given, names)
            expected = "the name of a class" if names else "the index of a class"
            raise InputError(where, expected, shorten(given), near and f"write {near}")
        return list(names).index(given)
    index = int(given)
    if index != given or not 0 <= index < classes:
        raise InputError(where, f"a class from 0 to {classes - 1}", shorten(given))
    return index
