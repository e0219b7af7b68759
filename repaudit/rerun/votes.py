"""From network outputs to votes, and from votes to the counts of a certificate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repaudit.rerun.models.errors import ModelError

Output = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
VOID = -1
"""the vote of an output that is not finite: it counts for no class and stays in the denominator"""


def votes_of(output: Output, kind: str, classes: int | None) -> NDArray[np.int32]:
    """Return the class each row votes for, or ``VOID``.

    Shapes
        output  float[rows, classes], or [rows] when ``kind`` is ``class``
        return  i32[rows]

    Logits, probabilities and their logarithms have one argmax; ties go to the lowest index.
    Raises ``ModelError`` when the output is not of the declared kind or number of classes.
    """
    if kind == "class":
        return _classes(output, classes)
    if output.ndim != 2 or (classes is not None and output.shape[1] != classes):
        expected = f"[rows, {'classes' if classes is None else classes}]"
        raise ModelError("output", expected, f"{list(output.shape)}")
    return np.where(np.isfinite(output).all(axis=1), output.argmax(axis=1), VOID).astype(np.int32)


def _classes(output: Output, classes: int | None) -> NDArray[np.int32]:
    if output.ndim == 2 and output.shape[1] == 1:
        output = output[:, 0]
    if output.ndim != 1:
        raise ModelError("output", "one class index per row", f"{list(output.shape)}")
    finite = np.isfinite(output)
    votes = np.where(finite, output, VOID)
    wrong = finite & ((votes < 0) | (votes != votes.round()) | (votes >= (classes or np.inf)))
    if wrong.any():
        raise ModelError("output", f"class indices below {classes}", f"{votes[wrong][0]:g}")
    return votes.astype(np.int32)


def margins_of(output: Output, kind: str) -> NDArray[np.float64]:
    """Return by how much the vote of each row is decided, relative to the larger magnitude.

    Shapes
        output  float[rows, classes]
        return  f64[rows]   0 for a tie; nan without two finite outputs to compare

    >>> margins_of(np.array([[1.0, 4.0, 3.0], [0.0, 0.0, -1.0]]), "logits").tolist()
    [0.25, 0.0]
    """
    if kind == "class" or output.shape[1] < 2:
        return np.full(len(output), np.nan)
    finite = np.asarray(np.isfinite(output).all(axis=1))
    rows = np.where(finite[:, None], output, np.nan).astype(np.float64)
    second, first = np.sort(rows, axis=1)[:, -2:].T
    size = np.maximum(np.maximum(np.abs(first), np.abs(second)), np.finfo(np.float64).tiny)
    return np.asarray((first - second) / size)


def known(margins: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the margins of a table, or ``None`` when the network has none to give."""
    return None if np.isnan(margins).all() else margins


@dataclass(frozen=True)
class Counts:
    """The counts of one example."""

    selected_class: int
    selection_hits: int
    hits: int
    label_hits: int
    top_class: int
    top_hits: int
    void: int


def count_votes(
    selection: NDArray[np.int32], certification: NDArray[np.int32], label: int
) -> Counts:
    """Return the counts of one example from its n0 and its n votes; ties to the lowest index.

    An example whose selection votes are all void selects class 0, with no votes.

    >>> count_votes(np.array([2, 1, 1, 2], "i4"), np.array([1, -1, 2, 2], "i4"), 2)
    ... # doctest: +NORMALIZE_WHITESPACE
    Counts(selected_class=1, selection_hits=2, hits=1, label_hits=2, top_class=2, top_hits=2,
           void=1)
    """
    width = max(int(selection.max()), int(certification.max()), label) + 1
    chosen = np.bincount(selection[selection != VOID], minlength=width)
    fresh = np.bincount(certification[certification != VOID], minlength=width)
    selected, top = int(chosen.argmax()), int(fresh.argmax())
    return Counts(
        selected_class=selected,
        selection_hits=int(chosen[selected]),
        hits=int(fresh[selected]),
        label_hits=int(fresh[label]),
        top_class=top,
        top_hits=int(fresh[top]),
        void=int((selection == VOID).sum() + (certification == VOID).sum()),
    )
