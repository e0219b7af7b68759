"""What was audited by sample, in words."""

from repaudit.audit.audit import Audit
from repaudit.audit.sample import Sample, SampledShare
from repaudit.report import numbers


def sample_of(audit: Audit, evaluation: str) -> Sample | None:
    """Return the sample that the verdicts of an evaluation rest on, if they do."""
    by_sample = {m.evaluation for m in audit.measurements if m.status == "sampled"}
    if evaluation not in by_sample:
        return None
    return next((s for s in audit.samples if s.evaluation == evaluation), None)


def cost_words(sample: Sample) -> str:
    """Return what a sample cost beside a full re-run, and the risk that it reached."""
    forwards = f"{numbers.grouped(sample.forwards)} of {numbers.grouped(sample.forwards_in_full)}"
    return f"by sample: {forwards} forwards, {risk_words(sample)}"


def risk_words(sample: Sample) -> str:
    """Return the largest risk among what was confirmed, else that nothing was."""
    if sample.outcome != "confirmed":
        return sample.outcome
    return f"risk {numbers.number(100.0 * max(share.risk for share in sample.shares))} %"


def share_words(share: SampledShare) -> str:
    """Return one radius of a sample: what was compared with what, and how it ended.

    The interval is that of the share among all examples, at 99 %.
    """
    what = "the released outcomes" if share.design == "comparison" else "the claimed share"
    radius = "any radius" if share.at_radius == 0 else f"radius {numbers.number(share.at_radius)}"
    found = f"{share.reached} of {share.examples} examples reach it"
    span = f"{numbers.number(100 * share.low)}–{numbers.number(100 * share.high)} %"
    return f"{radius}: {what} {share.outcome}; {found} ({span} of all, 99 %)"
