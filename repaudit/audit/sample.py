"""A risk-limiting audit of one evaluation: what was sampled, what it showed, at what risk."""

from typing import Literal

from repaudit.audit.base import Said

Outcome = Literal["confirmed", "refuted", "unsettled"]


class SampledShare(Said):
    """A certified accuracy at one radius, audited by sample."""

    at_radius: float
    """coordinates of the noise; 0 is the positive-radius accuracy"""
    needed_hits: int
    """of n draws, for a certificate of this radius"""
    pointer: str | None
    """the claim that is polled; null when released counts are compared at this radius"""
    design: Literal["comparison", "polling"]
    """our outcomes against the author's per example, or against a claimed share"""
    claimed: float
    """the share that is audited, 0..1: of the released counts, or as claimed"""
    margin: float
    """fraction of the examples: an overstatement below it does not matter"""
    refute_margin: float
    """fraction beyond which no honest run lies, at least ``margin``"""
    outcome: Outcome
    risk: float
    """risk reached: a share overstated by more than the margin is confirmed at most so often"""
    examples: int
    """looked at"""
    reached: int
    """of these, right and certified at this radius in our draws"""
    low: float
    """lower end of the share among all examples at 99 %, from ours alone"""
    high: float
    """upper end"""


class SampledRecords(Said):
    """Released counts of chosen examples against ours at all n draws."""

    examples: int
    informative: int
    """with both counts inside the window that tells pipelines apart"""
    p_value: float
    direction: Literal[-1, 0, 1]
    """1: the released counts are more confident than ours"""
    is_rejected: bool
    """at 1 %"""


class SampledFailures(Said):
    """The failures that released counts say there are hardly any of, against a few of our draws."""

    examples: int
    """of which both runs together have few failures"""
    draws: int
    """ours per example"""
    failures: int
    """of ours"""
    expected: float
    """of an honest author, given the failures of both"""
    p_value: float
    """one-sided: small when the released counts have too few"""
    is_rejected: bool
    """at 0.1 %"""


class Sample(Said):
    """The risk-limiting audit of one evaluation."""

    evaluation: str
    outcome: Outcome
    reason: str
    """what it showed, and what follows, in one sentence"""
    population: int
    """examples x runs"""
    examples: int
    """looked at"""
    shares: list[SampledShare]
    records: SampledRecords | None
    """null without released counts, or when the sample ended before"""
    failures: SampledFailures | None = None
    """null without released counts, or when the sample ended before"""
    norm_error: float | None = None
    """largest relative difference between a released norm and ours; null when not compared"""
    forwards: int
    forwards_in_full: int
    """what a full re-run takes"""
    evidence_path: str | None = None
    """our own draws, relative to the audit's folder"""
    evidence_sha256: str | None = None
