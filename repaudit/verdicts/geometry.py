"""Geometry: the standard error of our own draws, no network."""

from typing import Any

import numpy as np

from repaudit.evidence.join import concatenate
from repaudit.evidence.tables import Floats, GeometryRecords
from repaudit.metrics.reduce import interpolation_of, level_of
from repaudit.statistics.draws import test_draw_mean, test_draw_quantile
from repaudit.statistics.swap_result import SwapResult
from repaudit.verdicts.question import NoTest, Question


def answer_geometry(question: Question, kappa: float) -> SwapResult:
    """Return the test of a mean, median or quantile over examples and draws.

    Repeats count as further draws: with as many draws in each, the mean over repeats is the
    mean over all draws.
    """
    runs, claim = question.runs, question.claim
    if question.context.draws is None:
        raise NoTest("the number of draws is unstated")
    quantile = question.metric.form == "distribution" and claim.statistic in ("median", "quantile")
    if quantile and len(runs.parts) > 1:
        raise NoTest(f"no test for the {runs.across} of medians over repeats")
    parts: list[Any] = list(runs.parts)
    every = concatenate(parts)
    repeats = len(np.unique(every.repeat))
    author_draws = question.context.draws * repeats
    values = by_example(every, question)
    if quantile:
        return test_draw_quantile(
            question.low,
            question.high,
            values,
            author_draws,
            level_of(claim),
            interpolation_of(claim),
            kappa=kappa,
        )
    return test_draw_mean(question.low, question.high, values, author_draws, kappa=kappa)


def by_example(records: GeometryRecords, question: Question) -> Floats:
    """Return the metric's numbers as f64[examples, draws]; ``NoTest`` when they are ragged."""
    values = question.metric.values(records, question.claim, question.context)
    _, example, draws = np.unique(records.example_id, return_inverse=True, return_counts=True)
    if len(set(draws.tolist())) != 1 or draws[0] < 2:
        raise NoTest("the test needs equally many draws per example, at least two")
    if not np.all(np.isfinite(values)):
        raise NoTest("the re-run's number is undefined for some draws")
    order = np.argsort(example, kind="stable")
    return np.asarray(values[order].reshape(-1, int(draws[0])))
