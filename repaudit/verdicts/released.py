"""The author's released counts against the re-run's: exact tests given their sums (RECORDS).

A systematic shift of the margin below half a percent of sigma, and a random drift of the
quantiles below .02, are what other hardware may do: they are no verdict. Counts that agree too
well, and single counts that do not fit, have no such excuse.
"""

from dataclasses import dataclass, replace

import numpy as np

from repaudit.audit.comparison import Verdict
from repaudit.evidence.join import align
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.context import Context
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.records import RecordsResult, records_test
from repaudit.verdicts.sentences import number, p_words

SIGMA_GATE = 0.005
"""Smallest relative error of sigma that is a verdict."""
SIGMA_CREDIBLE = 0.5
"""Largest relative error of sigma that is taken for one."""
DRIFT_GATE = 0.02
"""Smallest sd of a drift of the quantiles that is a verdict."""
NORM_GATE = 0.01
"""Smallest relative difference of a norm that is a verdict: three printed digits leave less."""
LEVEL = 0.01
"""Of the file's family of tests."""


@dataclass(frozen=True)
class Released:
    """The test of one evaluation's released counts, or why there is none."""

    result: RecordsResult | None
    reason: str | None = None
    """why there is no test, or what is wrong before any test"""
    is_refuted: bool = False
    """whether ``reason`` refutes the counts without a test"""
    worst: str | None = None
    """the example that deviates most, in words"""

    @property
    def p_value(self) -> float | None:
        """The p-value that enters the family of the file."""
        return None if self.result is None else self.result.p_value


def answer_released(
    author: CertificationRecords, ours: CertificationRecords, context: Context, seed: int
) -> Released:
    """Return the test of an author's counts against the re-run's, paired by example and run."""
    left, right = align(author, ours)
    known = set(ours.example_id.tolist())
    if strange := [i for i in author.example_id.tolist() if i not in known]:
        reason = f"the released counts name {len(strange)} examples that the data does not have"
        return Released(None, f"{reason}, such as {strange[0]}", is_refuted=True)
    if len(left) != len(ours) or len(author) != len(ours):
        missing = max(len(ours), len(author)) - len(left)
        return Released(None, f"{missing} rows of released counts and re-run have no partner")
    n = context.protocol.n if isinstance(context.protocol, Protocol) else int(ours.draws[0])
    other = left.draws[left.draws != n]
    if other.size:
        reason = f"the released counts have {other[0]} draws per example, the file declares {n}"
        return Released(None, reason, is_refuted=True)
    wrong = int(np.count_nonzero(left.label != right.label))
    if wrong:
        reason = f"the released counts have another label for {wrong} of {len(left)} examples"
        return Released(None, reason, is_refuted=True)
    if other_norm := _other_norm(left, right):
        return Released(None, other_norm, is_refuted=True)
    result = records_test(left.label_hits, n, right.label_hits, n, seed=seed)
    return _named(Released(result), left, right)


def _other_norm(author: CertificationRecords, ours: CertificationRecords) -> str | None:
    """Return what is wrong with released norms, which no luck moves; None for nothing."""
    if author.norm is None or ours.norm is None:
        return None
    both = np.isfinite(author.norm) & np.isfinite(ours.norm)
    wrong = both & (np.abs(author.norm - ours.norm) > NORM_GATE * np.abs(ours.norm))
    if not wrong.any():
        return None
    row = int(np.argmax(wrong))
    return (
        f"the released counts have another norm for {int(wrong.sum())} of {len(author)} examples, "
        f"such as {author.example_id[row]}: {number(float(author.norm[row]))}, and "
        f"{number(float(ours.norm[row]))} in the re-run"
    )


def judge_released(released: Released, p_adjusted: float | None) -> tuple[Verdict, str]:
    """Return the verdict on released counts, after the other tests of the file are known."""
    result = released.result
    if result is None:
        verdict = Verdict.REFUTED if released.is_refuted else Verdict.NOT_CHECKED
        return verdict, released.reason or "no test"
    if p_adjusted is not None and p_adjusted < LEVEL:
        return _cause(released, result, p_adjusted / max(result.p_value, 1e-300))
    if result.informative == 0:
        return Verdict.REPRODUCED, "the released counts and the re-run's are equal and saturated"
    examples = f"{result.informative} informative examples"
    reason = f"the released counts fit the re-run's (p = {number(result.p_value)}, {examples})"
    return Verdict.REPRODUCED, reason


def _cause(released: Released, result: RecordsResult, factor: float) -> tuple[Verdict, str]:
    """Name the strongest of the tests that reject and are no matter of hardware.

    Less confident counts excuse an author only while a wrong sigma explains them: beyond
    ``SIGMA_CREDIBLE`` they are those of another pipeline.
    """
    runs_at = 1.0 + result.sigma_error
    over = Verdict.OVERSTATED if result.direction > 0 else Verdict.UNDERSTATED
    more = "more" if result.direction > 0 else "less"
    candidates = [
        (
            2.0 * result.p_under,
            True,
            Verdict.REFUTED,
            "the released counts agree with the re-run's more closely than two independent runs do",
        ),
        (
            result.p_direction,
            abs(result.sigma_error) > SIGMA_GATE,
            over,
            f"the released counts are {more} confident than an honest run's, like a run at "
            f"{number(runs_at)} sigma",
        ),
        (
            2.0 * result.p_over,
            result.drift > DRIFT_GATE,
            Verdict.REFUTED,
            "the released counts differ from the re-run's as two pipelines do "
            f"(drift {number(result.drift)} of the quantile)",
        ),
        (
            result.p_single,
            True,
            Verdict.REFUTED,
            f"a released count fits no independent run: {released.worst}",
        ),
    ]
    rejecting = [c for c in candidates if c[1] and 6.0 * c[0] * factor < LEVEL]
    if not rejecting:
        reason = "the released counts differ from the re-run's by what other hardware may do"
        return Verdict.REPRODUCED, reason
    excused = abs(result.sigma_error) <= SIGMA_CREDIBLE
    p, _, verdict, reason = min(
        rejecting, key=lambda c: (not excused and c[2] is Verdict.UNDERSTATED, c[0])
    )
    return verdict, f"{reason} ({p_words(p)})"


def _named(
    released: Released, author: CertificationRecords, ours: CertificationRecords
) -> Released:
    if released.result is None or released.result.worst_index is None:
        return released
    row = released.result.worst_index
    counts = f"{author.label_hits[row]} declared, {ours.label_hits[row]} in the re-run"
    return replace(released, worst=f"example {author.example_id[row]}, {counts}")
