"""Means of certified radii and SNR: exchange of means (SWAP)."""

from typing import Literal, cast

import numpy as np

from repaudit.evidence.join import take
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import required
from repaudit.metrics.certificates import members, radii, sigma_of
from repaudit.metrics.estimate import member_values
from repaudit.statistics.swap import test_mean
from repaudit.statistics.swap_result import SwapResult
from repaudit.statistics.variance import (
    Population,
    variance_of_mean_radius,
    variance_of_mean_snr,
)
from repaudit.verdicts.question import NoTest, Question
from repaudit.verdicts.shares import constant_draws
from repaudit.verdicts.two_classes import decisive_hits


def answer_mean(question: Question, kappa: float) -> SwapResult:
    """Return the test of a mean over the population of a claim, averaged over runs."""
    means, variances = [], []
    for part in question.runs.parts:
        assert isinstance(part, CertificationRecords)
        values = member_values(part, question.claim, question.context, question.metric)
        if values.size == 0 or not np.all(np.isfinite(values)):
            raise NoTest("the re-run's mean is undefined")
        means.append(float(np.mean(values)))
        variances.append(variance_of_mean(part, question, kappa))
    runs = len(means)
    return test_mean(question.low, question.high, float(np.mean(means)), sum(variances) / runs**2)


def subset(part: CertificationRecords, question: Question) -> CertificationRecords:
    """Return the rows that a test runs over.

    The examples that the network alone gets right are the same in every run: over ``correct``
    the test is the one over all of them.
    """
    if question.claim.population != "correct":
        return part
    return take(part, members(part, question.claim, question.context))


def population_of(question: Question) -> Population:
    """Return the population as the tests know it; ``correct`` is all of a fixed subset."""
    population = question.claim.population
    return "all" if population == "correct" else cast(Population, population)


def variance_of_mean(part: CertificationRecords, question: Question, kappa: float) -> float:
    """Return the variance of author minus re-run, on the scale of the mean."""
    protocol, rows = constant_draws(part, question.context), subset(part, question)
    sigma, population = sigma_of(question.context), population_of(question)
    if question.metric.name == "certified_snr":
        norms = required(rows.norm, "norm") / sigma
        # A mean SNR exists only when every member is certified, over all: certified and right.
        over: Literal["certified", "certified_correct"] = (
            "certified" if population == "certified" else "certified_correct"
        )
        return variance_of_mean_snr(decisive_hits(rows, over), norms, protocol, over, kappa)
    hits = decisive_hits(rows, population)
    variance = sigma**2 * variance_of_mean_radius(hits, protocol, population, kappa)
    if question.metric.name == "certified_radius":
        return variance
    if population != "all":
        raise NoTest("no test for a mean recording radius over a part that depends on the draws")
    return variance * float(np.nanmax(pull_back(rows, question))) ** 2


def pull_back(rows: CertificationRecords, question: Question) -> Floats:
    """Return recording radius / certified radius per example.

    An abstaining example has no ratio; it gets the median one, which only enters a variance.
    Raises ``NoTest`` when no example has one.
    """
    certified = radii(rows, question.context)
    back = required(rows.recording_radius, "recording_radius")
    known = (certified > 0.0) & np.isfinite(back)
    if not np.any(known):
        raise NoTest("no recording radius is known in the re-run")
    ratio = np.where(known, back, 0.0) / np.where(known, certified, 1.0)
    return np.where(known, ratio, np.median(ratio[known]))
