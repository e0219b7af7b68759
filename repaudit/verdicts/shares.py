"""Shares of the examples: exchange of counts (SWAP)."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.metrics.certificates import protocol_of, threshold_hits
from repaudit.metrics.context import Context
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.swap import attainable_counts, test_count, test_mean
from repaudit.statistics.swap_result import SwapResult
from repaudit.statistics.variance import (
    variance_of_abstentions,
    variance_of_certified_wrong,
    variance_of_count,
    variance_of_noisy_correct,
    variance_of_smoothed_correct,
)
from repaudit.verdicts.question import Impossible, NoTest, Question
from repaudit.verdicts.two_classes import contested_hits, decisive_hits


def answer_share(question: Question, kappa: float) -> SwapResult:
    """Return the test of a share, pooled or averaged over runs.

    Raises ``Impossible`` when no count gives the claimed share, ``NoTest`` without a test.
    """
    counts, sizes, variances = [], [], []
    for part in question.runs.parts:
        values = question.metric.values(part, question.claim, question.context)
        counts.append(int(np.sum(values)))
        sizes.append(len(part))
        variances.append(variance_of_share(part, question.claim, question.context, kappa))
    if len(set(sizes)) > 1:  # folds of unequal size: an average of shares is no share
        runs = len(sizes)
        measured = float(np.mean([c / n for c, n in zip(counts, sizes, strict=True)]))
        variance = sum(v / n**2 for v, n in zip(variances, sizes, strict=True)) / runs**2
        return test_mean(question.low, question.high, measured, variance)
    total = sum(sizes)
    if not attainable_counts(question.low, question.high, total):
        raise Impossible(f"no count out of {total} examples gives it")
    return test_count(question.low, question.high, sum(counts), total, sum(variances))


def constant_draws(records: CertificationRecords, context: Context) -> Protocol:
    """Return the protocol, when the records were drawn by it; ``NoTest`` otherwise."""
    protocol = protocol_of(context)
    if np.any(records.draws != protocol.n):
        raise NoTest("the re-run has other draws than the declared n")
    return protocol


def variance_of_share(part: Records, claim: Claim, context: Context, kappa: float) -> float:
    """Return the variance of author minus re-run, of counts; ``NoTest`` without a test."""
    if not isinstance(part, CertificationRecords):
        raise NoTest("no test for this share")
    protocol, hits = constant_draws(part, context), part.label_hits
    match claim.metric:
        case "certified_accuracy":
            needed = threshold_hits(part, claim, context)
            return variance_of_count(hits, needed, protocol, kappa)
        case "abstention_rate":
            return variance_of_abstentions(decisive_hits(part), protocol, kappa)
        case "certified_wrong_rate":
            return variance_of_certified_wrong(decisive_hits(part), protocol, kappa)
        case "clean_accuracy":
            return variance_of_smoothed_correct(contested_hits(part), protocol, kappa)
        case "noisy_accuracy":
            return variance_of_noisy_correct(hits, protocol, kappa)
    raise NoTest("no test for this share")
