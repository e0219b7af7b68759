"""Rejected counts are explained by the run they fit, and by nothing when they fit none."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from repaudit.contract.suspects import AS_DECLARED
from repaudit.verdicts.explanation import (
    ENOUGH,
    explanation,
    fit,
    is_of_another_run,
    part_of,
    telling_examples,
)
from tests.builders import some_certification_records

Z = np.random.default_rng(0).normal(1.3, 0.5, 48)


def p_at(factor: float) -> NDArray[np.float64]:
    """Hit probabilities of linear margins at ``factor`` sigma."""
    return np.asarray(ndtr(ndtri(ndtr(Z)) / factor))


def test_the_sentence_names_the_run_that_fits_and_counts_the_others() -> None:
    rng = np.random.default_rng(1)
    author = some_certification_records(p_at(1 / 1.5), rng)
    runs = {
        f"sigma {factor}": some_certification_records(p_at(1 / factor), rng)
        for factor in (1.0, 1.2, 1.5, 2.0)
    }
    sentence = explanation(author, runs, seed=0)
    assert sentence is not None
    assert "48 of them fit a run with sigma 1.5 (p = " in sentence
    assert sentence.endswith("not with 3 others")


def test_counts_that_fit_nothing_are_not_explained() -> None:
    rng = np.random.default_rng(2)
    author = some_certification_records(p_at(3.0), rng)
    assert explanation(author, {"x": some_certification_records(p_at(1.0), rng)}, seed=0) is None
    assert explanation(author, {}, seed=0) is None


def test_only_examples_that_can_tell_are_taken_and_not_too_many() -> None:
    rng = np.random.default_rng(3)
    p = np.where(np.arange(100) < 40, 0.7, 1.0)
    author, ours = some_certification_records(p, rng), some_certification_records(p, rng)
    ids = telling_examples(author, ours, seed=0)
    assert len(ids) == ENOUGH
    assert ids <= set(author.example_id[:40].tolist())
    assert set(part_of(author, "seed0", 0, ids).example_id.tolist()) == ids
    assert len(part_of(author, "seed1", 0, ids)) == 0


def test_counts_that_fit_the_declared_run_too_accuse_nobody() -> None:
    rng = np.random.default_rng(4)
    author = some_certification_records(p_at(1.0), rng)
    runs = {name: some_certification_records(p_at(1.0), rng) for name in (AS_DECLARED, "sigma 2")}
    assert explanation(author, runs, seed=0) is None


def test_a_copy_and_a_single_forged_record_are_no_other_pipeline() -> None:
    rng = np.random.default_rng(5)
    author, ours = (some_certification_records(p_at(1.0), rng) for _ in range(2))
    assert not is_of_another_run(fit(ours, ours, seed=0))
    assert not is_of_another_run(fit(author, ours, seed=0))
    other = some_certification_records(p_at(1 / 1.5), rng)
    assert is_of_another_run(fit(other, ours, seed=0))
