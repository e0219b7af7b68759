"""Medians and quantiles of certified radii and SNR: exchange of counts beyond the claim (SWAP)."""

import numpy as np

from repaudit.evidence.join import take
from repaudit.evidence.tables import CertificationRecords, Floats
from repaudit.metrics.base import required
from repaudit.metrics.certificates import sigma_of
from repaudit.metrics.estimate import member_values
from repaudit.metrics.reduce import interpolation_of, level_of
from repaudit.statistics.certificate import hits_for_z
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.quantile_sides import Thresholds
from repaudit.statistics.swap_quantile import radius_thresholds, snr_thresholds, test_quantile
from repaudit.statistics.swap_result import SwapResult
from repaudit.statistics.variance import ThresholdVariance
from repaudit.verdicts.means import population_of, pull_back, subset
from repaudit.verdicts.question import NoTest, Question
from repaudit.verdicts.shares import constant_draws
from repaudit.verdicts.two_classes import decisive_hits


def answer_quantile(question: Question, kappa: float) -> SwapResult:
    """Return the test of a median or quantile of one run, or of runs pooled."""
    if len(question.runs.parts) > 1:
        raise NoTest(f"no test for the {question.runs.across} of medians over runs")
    (part,) = question.runs.parts
    assert isinstance(part, CertificationRecords)
    values = member_values(part, question.claim, question.context, question.metric)
    if values.size == 0 or np.any(np.isnan(values)):
        raise NoTest("the re-run's population is empty or has undefined values")
    return test_quantile(
        question.low,
        question.high,
        values,
        thresholds_of(part, question, values, kappa),
        level_of(question.claim),
        interpolation_of(question.claim),
    )


def thresholds_of(
    part: CertificationRecords, question: Question, values: Floats, kappa: float
) -> Thresholds:
    """Return how counts beyond a value vary; ``values`` are those of the population."""
    protocol, rows = constant_draws(part, question.context), subset(part, question)
    sigma, population = sigma_of(question.context), population_of(question)
    level = level_of(question.claim)
    if question.metric.name == "recording_radius":
        return _recording_thresholds(rows, question, protocol, values, kappa)
    if question.metric.name == "certified_snr":
        norm = required(rows.norm, "norm")
        if population != "all" and np.any(norm == 0.0):
            raise NoTest("no test for an SNR over certified examples of norm 0")
        # Over all an example of norm 0 stays at +inf in every run: it does not vary.
        audible = take(rows, norm > 0.0)
        norms = norm[norm > 0.0] / sigma
        hits = decisive_hits(audible, population)
        return snr_thresholds(hits, norms, protocol, population, level=level, kappa=kappa)
    hits = decisive_hits(rows, population)
    return radius_thresholds(hits, sigma, protocol, population, level=level, kappa=kappa)


def _recording_thresholds(
    rows: CertificationRecords,
    question: Question,
    protocol: Protocol,
    values: Floats,
    kappa: float,
) -> Thresholds:
    """Return the thresholds where every example has its own factor from R to the recording."""
    if population_of(question) != "all":
        raise NoTest("no test for a recording radius over a part that depends on the draws")
    variance = ThresholdVariance(rows.label_hits, protocol, kappa=kappa)
    scale = np.maximum(pull_back(rows, question), np.finfo(np.float64).tiny)

    def at(radius: float) -> float:
        z = radius / scale / sigma_of(question.context)
        return variance.at(hits_for_z(z, protocol.n, protocol.alpha))

    return Thresholds(
        at_least=lambda radius: at(radius) if radius > 0.0 else 0.0,
        above=lambda radius: at(radius) if radius >= 0.0 else 0.0,
        ends=(0.0, float(values.max())),
        steps=(1.0,),
    )
