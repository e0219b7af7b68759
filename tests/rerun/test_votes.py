"""Votes: argmax, void rows, ties, and the counts of an example."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.votes import VOID, count_votes, margins_of, votes_of

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize("kind", ["logits", "probabilities", "log_probabilities"])
def test_the_largest_output_is_the_vote_and_ties_go_to_the_lowest_index(kind: str) -> None:
    output = np.array([[0.1, 0.7, 0.2], [0.4, 0.2, 0.4], [0.5, 0.5, 0.5]])

    assert votes_of(output, kind, 3).tolist() == [1, 0, 0]


def test_a_row_that_is_not_finite_anywhere_is_void() -> None:
    output = np.array([[NAN, 1.0], [1.0, NAN], [INF, 0.0], [0.0, -INF], [0.0, 1.0]])

    assert votes_of(output, "logits", 2).tolist() == [VOID, VOID, VOID, VOID, 1]


def test_a_network_may_return_class_indices() -> None:
    assert votes_of(np.array([2, 0]), "class", 3).tolist() == [2, 0]
    assert votes_of(np.array([[2.0], [NAN]]), "class", None).tolist() == [2, VOID]


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (np.zeros((4, 5)), "logits"),  # 5 outputs for 3 declared classes
        (np.zeros(4), "logits"),
        (np.array([3]), "class"),
        (np.array([-1]), "class"),
        (np.array([0.5]), "class"),
        (np.zeros((4, 3)), "class"),
    ],
)
def test_an_output_that_is_not_as_declared_is_refused(output: NDArray[Any], kind: str) -> None:
    with pytest.raises(ModelError, match="output"):
        votes_of(output, kind, 3)


def test_ties_among_the_selection_votes_go_to_the_lowest_class() -> None:
    counts = count_votes(np.array([2, 1, 2, 1], "i4"), np.array([2, 2, 1, VOID], "i4"), label=0)

    assert (counts.selected_class, counts.selection_hits, counts.hits) == (1, 2, 1)
    assert (counts.top_class, counts.top_hits, counts.label_hits, counts.void) == (2, 2, 0, 1)


def test_void_votes_count_for_no_class_even_when_they_are_the_most() -> None:
    void = np.full(5, VOID, "i4")

    counts = count_votes(void, void, label=1)

    assert (counts.selection_hits, counts.hits, counts.label_hits, counts.void) == (0, 0, 0, 10)


def test_the_margin_of_a_vote_is_relative_to_the_larger_output() -> None:
    output = np.array([[-1.0, 3.0, 2.0], [5.0, 5.0, 0.0], [NAN, 1.0, 0.0], [0.0, 0.0, 0.0]])

    margins = margins_of(output, "logits").tolist()

    assert margins[0] == pytest.approx(1 / 3)  # (3 - 2) / 3
    assert margins[1] == margins[3] == 0.0
    assert np.isnan(margins[2])
    assert np.isnan(margins_of(np.array([1, 2]), "class")).all()
