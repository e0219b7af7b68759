"""What the sample of an evaluation comes to: confirmed, refuted or unsettled, and why."""

from repaudit.audit.sample import Outcome, Sample
from repaudit.check.sampling.evaluation import Sampling
from repaudit.verdicts.sampling.judge import NORM_ERROR
from repaudit.verdicts.sentences import number


def finished(sampling: Sampling, error: float | None) -> Sample:
    """Return the sample of an evaluation in which enough was seen."""
    shares = sampling.progress.shares()
    outcomes = [share.outcome for share in shares]
    records = sampling.records
    if records is not None and records.is_rejected:
        found: Outcome = "refuted" if records.direction > 0 else "unsettled"
        return _sample(sampling, found, "the released counts do not fit ours", error)
    if sampling.failures is not None and sampling.failures.is_rejected:
        return _sample(sampling, "refuted", "the released counts have too few failures", error)
    if "refuted" in outcomes:
        return _sample(sampling, "refuted", "the sample contradicts the declared share", error)
    if "unsettled" in outcomes:
        reason = "every example was looked at, and the difference lies within honest noise"
        return _sample(sampling, "unsettled", reason, error)
    if error is not None and error > NORM_ERROR:
        reason = f"a released norm or recording radius differs from ours by {number(error)}"
        return _sample(sampling, "unsettled", reason, error)
    risk = number(100.0 * max(share.risk for share in shares))
    return _sample(sampling, "confirmed", f"confirmed at a risk of {risk} %", error)


def unsettled(sampling: Sampling, error: float | None, stopped: str) -> Sample:
    """Return the sample of an evaluation that the budget cut short."""
    return _sample(sampling, "unsettled", stopped, error)


def _sample(sampling: Sampling, outcome: Outcome, reason: str, error: float | None) -> Sample:
    return Sample(
        evaluation=sampling.design.evaluation,
        outcome=outcome,
        reason=reason,
        population=len(sampling.design.order),
        examples=sampling.progress.looked_at,
        shares=sampling.progress.shares(),
        records=sampling.records,
        failures=sampling.failures,
        norm_error=None if error is None or error == float("inf") else error,
        forwards=sampling.forwards,
        forwards_in_full=sampling.forwards_in_full,
    )
