"""What a sample says of the claims and of the released counts of its evaluation."""

from dataclasses import dataclass

from repaudit.audit.comparison import Estimate, Verdict
from repaudit.audit.sample import Sample, SampledFailures, SampledRecords, SampledShare
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.verdicts.case import Case
from repaudit.verdicts.judge import Judgement, refutation
from repaudit.verdicts.margins import Margins
from repaudit.verdicts.sentences import number, p_words, points

NORM_ERROR = 1e-3
"""Largest relative difference of a norm that other arithmetic explains."""
NOT_SAMPLED = "not sampled in this mode; --mode full measures it"
TELLING = 8
"""Informative examples below which no released counts are rejected at 1 %: 2^-7 > .005."""
OF_CLIPS = frozenset({"certified_snr", "recording_radius"})
"""Metrics whose released columns hold more than counts."""


@dataclass(frozen=True)
class Sampled:
    """A sample, and what was measured on all clips beside it."""

    sample: Sample
    clean: EmpiricalRecords | None = None
    """classes of the unperturbed examples; None when nobody claims their accuracy"""


def judge_sampled(
    case: Case, pointer: str, contradiction: str | None, sample: Sample, margins: Margins
) -> tuple[Judgement, Estimate | None]:
    """Return the verdict on a claim of a sampled evaluation, and the number of the sample."""
    if (refuted := refutation(case, contradiction)) is not None:
        return Judgement(Verdict.REFUTED, refuted), None
    share = _share_of(case.claim, pointer, sample)
    source = margins.by_family["accuracy"] if share is not None else None
    measured = None if share is None else _estimate(share, case.claim)
    verdict, reason = _verdict(case, share, sample)
    if share is None or source is None:
        return Judgement(verdict, reason), None
    margin = margins.absolute("accuracy", case.claim, 0.0)
    return Judgement(verdict, reason, margin, source), measured


def judge_sampled_records(sample: Sample) -> tuple[Verdict, str, float | None]:
    """Return the verdict on released counts of a sampled evaluation, and its p-value."""
    records, few = sample.records, sample.failures
    if records is not None and records.is_rejected:
        is_over = records.direction > 0
        verdict = Verdict.OVERSTATED if is_over else Verdict.UNDERSTATED
        more = "more confident" if is_over else "less confident"
        return verdict, f"the released counts are {more}: {_words(records)}", records.p_value
    if few is not None and few.is_rejected:
        return Verdict.OVERSTATED, f"too few failures are released: {_words(few)}", few.p_value
    looked = [found for found in (records, few) if found is not None]
    p_value = min((found.p_value for found in looked), default=None)
    if sample.outcome != "confirmed" or not looked:
        return Verdict.NOT_CHECKED, sample.reason, p_value
    words = "; ".join(_words(found) for found in looked)
    return Verdict.REPRODUCED, f"the released counts fit ours: {words}", p_value


def _words(found: SampledRecords | SampledFailures) -> str:
    if isinstance(found, SampledFailures):
        return (
            f"{found.failures} of our {found.draws} draws each of {found.examples} sure examples "
            f"fail, {number(found.expected)} are expected ({p_words(found.p_value)})"
        )
    weak = "" if found.informative >= TELLING else ", too few to reject anything"
    return (
        f"{found.examples} examples at all draws ({p_words(found.p_value)}, "
        f"{found.informative} informative{weak})"
    )


def _share_of(claim: Claim, pointer: str, sample: Sample) -> SampledShare | None:
    """Return the sampled share that a claim is about."""
    for share in sample.shares:
        if share.pointer == pointer:
            return share
        is_same = claim.at_radius is not None and float(claim.at_radius) == share.at_radius
        if share.pointer is None and is_same and claim.checkpoint is None:
            return share
    return None


def _verdict(case: Case, share: SampledShare | None, sample: Sample) -> tuple[Verdict, str]:
    agrees = case.recomputation.agrees
    if share is not None and share.outcome == "refuted":
        return Verdict.OVERSTATED, _refuted_words(share)
    if sample.outcome != "confirmed":
        return Verdict.NOT_CHECKED, sample.reason
    if share is not None and (agrees or share.design == "polling"):
        equal = "recomputed from the released counts and equal; " if agrees else ""
        return Verdict.REPRODUCED, f"{equal}{_confirmed_words(share)}"
    if not agrees:
        why = f" ({case.recomputation.reason})" if case.recomputation.reason else ""
        return Verdict.NOT_CHECKED, f"{NOT_SAMPLED}{why}"
    if case.claim.metric in OF_CLIPS and sample.norm_error is None:
        return Verdict.NOT_CHECKED, f"{NOT_SAMPLED} (the released file has no norms to compare)"
    reason = "recomputed from the released counts and equal; the sample confirmed these counts"
    return Verdict.REPRODUCED, reason


def _confirmed_words(share: SampledShare) -> str:
    risk = number(100.0 * share.risk)
    return (
        f"not overstated by {points(100.0 * share.margin)} or more at a risk of {risk} %, "
        f"from {share.examples} examples"
    )


def _refuted_words(share: SampledShare) -> str:
    span = f"{number(100.0 * share.low)} to {number(100.0 * share.high)} %"
    declared = f"{number(100.0 * share.claimed)} % is declared"
    return (
        f"overstated by more than {points(100.0 * share.refute_margin)}: {share.reached} of "
        f"{share.examples} sampled examples reach it, so {span} of all (99 %), where {declared}"
    )


def _estimate(share: SampledShare, claim: Claim) -> Estimate | None:
    if not share.examples:
        return None
    factor = 100.0 if claim.unit == "percent" else 1.0
    return Estimate(
        value=factor * share.reached / share.examples,
        low=factor * share.low,
        high=factor * share.high,
        draws=share.examples,
        method=f"share of {share.examples} sampled examples; interval valid at any stop, 99 %",
    )
